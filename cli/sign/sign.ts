import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { systemClock } from '../../core/clock.ts';
import { errorCode } from '../../core/errors.ts';
import { openscModule } from '../../keys/card/opensc-module.ts';
import { PURPOSE_LABELS } from '../../keys/card/card-purpose.ts';
import { passphraseFromTerminal } from '../../keys/passphrase-from-terminal.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { USAGE_EXIT_CODE } from '../command-line.ts';
import { readInputFile } from '../read-input-file.ts';
import { signContent } from './sign-content.ts';
import { SignError } from './sign-error.ts';

const USAGE = `mohr sign (--card <serial> | --pkcs11 <uri>) [flags] <file>
  --card <serial>       the signing key of a membership card, through OpenSC
  --pkcs11 <uri>        a key on any token: pkcs11:token=…;object=…?module-path=…[&pin-source=file:…]
  --certificate <pem>   certificate and chain, leaf first; else those on the token
  --out <file>          default: <file>.p7m
  --detached            the content stays outside of the signature
  --mime-type <type>    media type of the content, signed with it
`;

const OPTIONS = {
  card: { type: 'string' },
  pkcs11: { type: 'string' },
  certificate: { type: 'string' },
  out: { type: 'string' },
  detached: { type: 'boolean' },
  'mime-type': { type: 'string' },
} as const;

/** `mohr sign`: signs a file as CAdES with a card or any other PKCS#11 token. Resolves to the exit code. */
export async function sign(args: string[]): Promise<number> {
  const line = readLine(args);
  if (!line) {
    process.stderr.write(USAGE);
    return USAGE_EXIT_CODE;
  }
  const { file, uri, values } = line;
  const signature = await signContent({
    content: await readInputFile(file),
    uri,
    detached: values.detached ?? false,
    ...(values['mime-type'] !== undefined && { mimeType: values['mime-type'] }),
    certificates: values.certificate === undefined ? [] : await readCertificates(values.certificate),
    clock: systemClock,
    askPin: () => passphraseFromTerminal({ prompt: 'PIN', input: process.stdin, output: process.stderr }),
  });
  const out = values.out ?? `${file}.p7m`;
  await writeFile(out, signature, { flag: 'wx' }).catch((cause: unknown) => {
    if (errorCode(cause) === 'EEXIST')
      throw new SignError('output-exists', `${out} exists and is not overwritten`, { cause });
    throw new SignError('output-unwritable', `${out} cannot be written`, { cause });
  });
  process.stdout.write(`${out}\n`);
  return 0;
}

/** Undefined when it is called wrongly. */
function readLine(args: string[]) {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const [file, ...others] = positionals;
    const { card, pkcs11 } = values;
    if (file === undefined || others.length > 0 || (card === undefined) === (pkcs11 === undefined))
      return undefined;
    return { file, values, uri: pkcs11 ?? cardUri(card!) };
  } catch {
    return undefined;
  }
}

function cardUri(serial: string): string {
  const object = encodeURIComponent(PURPOSE_LABELS.signing);
  return `pkcs11:serial=${encodeURIComponent(serial)};object=${object}?module-path=${encodeURI(openscModule())}`;
}

async function readCertificates(path: string): Promise<Certificate[]> {
  const text = await readFile(path, 'latin1').catch((cause: unknown) => {
    throw new SignError('certificate-missing', `${path} cannot be read`, { cause });
  });
  return decodePem(text, ['CERTIFICATE']).map(({ bytes }) => parseCertificate(bytes));
}
