import { parseArgs } from 'node:util';

import { PURPOSE_LABELS } from '../../keys/card/card-purpose.ts';
import { openscModule } from '../../keys/card/opensc-module.ts';
import { SIGNATURE_LEVELS } from '../../signing/signature-level.ts';
import type { SignatureLevel } from '../../signing/signature-level.ts';
import type { SigningKey } from './sign-content.ts';
import type { SessionKey } from './sign-in-session.ts';
import { SIGNED_FORMATS } from './signed-formats.ts';
import type { SignedFormat } from './signed-formats.ts';

const FORMATS = SIGNED_FORMATS.map(({ name }) => name).join('|');

export const SIGN_USAGE = `mohr sign (--card <serial> | --pkcs11 <uri> | --key <file> | --session <url>) [flags] <file>
  --card <serial>       the signing key of a membership card, through OpenSC
  --pkcs11 <uri>        a key on any token: pkcs11:token=…;object=…?module-path=…[&pin-source=file:…]
  --key <file>          an encrypted key file (PKCS#8)
  --passphrase-file <f> its passphrase; else it is asked for
  --session <url>       the key on the holder's phone, through this service, with:
    --client <id> --client-key <pem>   the relying party that asks
    --holder <group>:<digits>          whose phone, by council number
  --certificate <pem>   certificate and chain, leaf first; else those on the token
  --format <format>     ${FORMATS}; default: cades
  --level <level>       ${SIGNATURE_LEVELS.join('|')}; default: B-B
  --tsa <url>           time-stamping authority, for B-T and above; default: MOHR_TSA_URL
  --trust <pem>         roots of the certificates, for B-LT and above
  --out <file>          default: the file with the format's extension
  --detached            the content stays outside of the signature
  --mime-type <type>    media type of the content, signed with it
`;

const OPTIONS = {
  card: { type: 'string' },
  pkcs11: { type: 'string' },
  key: { type: 'string' },
  'passphrase-file': { type: 'string' },
  session: { type: 'string' },
  client: { type: 'string' },
  'client-key': { type: 'string' },
  holder: { type: 'string' },
  certificate: { type: 'string' },
  format: { type: 'string', default: 'cades' },
  level: { type: 'string', default: 'B-B' },
  tsa: { type: 'string' },
  trust: { type: 'string' },
  out: { type: 'string' },
  detached: { type: 'boolean', default: false },
  'mime-type': { type: 'string' },
} as const;

/** A command line of `mohr sign` that makes sense. */
export interface SignLine {
  file: string;
  out: string;
  key: SigningKey | SessionKey;
  passphraseFile?: string;
  certificateFile?: string;
  format: SignedFormat;
  level: SignatureLevel;
  /** There for every level above B-B. */
  tsaUrl?: string;
  /** There for B-LT and B-LTA. */
  trustFile?: string;
  detached: boolean;
  mimeType?: string;
}

/** Undefined when it is called wrongly. */
export function readSignLine(args: string[], defaultTsaUrl: string | undefined): SignLine | undefined {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const [file, ...others] = positionals;
    const key = keyOf(values);
    const format = SIGNED_FORMATS.find(({ name }) => name === values.format);
    const level = SIGNATURE_LEVELS.find((one) => one === values.level);
    if (file === undefined || others.length > 0 || !key || !format || !level) return undefined;
    const tsaUrl = values.tsa ?? defaultTsaUrl;
    const height = SIGNATURE_LEVELS.indexOf(level);
    if ((height >= 1 && !tsaUrl) || (height >= 2 && values.trust === undefined)) return undefined;
    return {
      file,
      out: values.out ?? `${file}.${format.extension}`,
      key,
      format,
      level,
      detached: values.detached,
      ...(values['passphrase-file'] !== undefined && { passphraseFile: values['passphrase-file'] }),
      ...(values.certificate !== undefined && { certificateFile: values.certificate }),
      ...(tsaUrl && { tsaUrl }),
      ...(values.trust !== undefined && { trustFile: values.trust }),
      ...(values['mime-type'] !== undefined && { mimeType: values['mime-type'] }),
    };
  } catch {
    return undefined;
  }
}

interface KeyFlags {
  card?: string;
  pkcs11?: string;
  key?: string;
  session?: string;
  client?: string;
  'client-key'?: string;
  holder?: string;
}

/** Exactly one is named. */
function keyOf(flags: KeyFlags): SigningKey | SessionKey | undefined {
  const { card, pkcs11, key, session } = flags;
  const named = [card, pkcs11, key, session].filter((one) => one !== undefined);
  if (named.length !== 1) return undefined;
  if (session !== undefined) return sessionKeyOf(session, flags);
  if (key !== undefined) return { path: key };
  return { uri: pkcs11 ?? cardUri(card!) };
}

function sessionKeyOf(service: string, flags: KeyFlags): SessionKey | undefined {
  const { client, 'client-key': clientKeyFile, holder = '' } = flags;
  const [, group, digits] = /^([a-z-]+):([0-9]+)$/.exec(holder) ?? [];
  if (client === undefined || clientKeyFile === undefined || group === undefined) return undefined;
  return { service: service.replace(/\/+$/, ''), client, clientKeyFile, holder: { group, digits } };
}

function cardUri(serial: string): string {
  const object = encodeURIComponent(PURPOSE_LABELS.signing);
  return `pkcs11:serial=${encodeURIComponent(serial)};object=${object}?module-path=${encodeURI(openscModule())}`;
}
