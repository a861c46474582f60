import { resolve } from 'node:path';

import { KeyError } from '../keys/key-error.ts';
import { parsePkcs11Uri } from '../keys/pkcs11-uri.ts';
import type { KeyType } from '../pki/key-type.ts';

/** What a deployment chooses about its keys. */
export interface KeySettings {
  /** Where new keys are made: `file`, or the `pkcs11:` URI of a token. */
  keys: string;
  /** Absent: a systemd credential when there are any, else a file beside the keys. */
  keyPassphraseFile?: string;
  /** Asked for at the terminal, once at start. */
  keyPassphrasePrompt: boolean;
  /** `$CREDENTIALS_DIRECTORY` of systemd. */
  credentialsDirectory?: string;
  /** Answers per second that each OCSP responder key has to be able to sign. */
  ocspPeak?: number;
  /** Start although one cannot. */
  allowSlowKeys: boolean;
  /** Types of the responder keys of each CA; the first one answers whoever prefers none. */
  ocspKeyTypes: readonly KeyType[];
}

/** Rows of `SETTINGS`. */
export const KEY_SETTINGS = {
  keys: {
    flag: 'keys',
    variable: 'MOHR_KEYS',
    fallback: 'file',
    meaning:
      'where new keys are made: `file` in the data directory, or on the token of a `pkcs11:` URI (RFC 7512) with module-path, token and pin-source',
  },
  keyPassphraseFile: {
    flag: 'key-passphrase-file',
    variable: 'MOHR_KEY_PASSPHRASE_FILE',
    fallback: '(see below)',
    meaning: 'file with the passphrase of the key files, readable by the service alone',
  },
  keyPassphrasePrompt: {
    flag: 'key-passphrase-prompt',
    variable: 'MOHR_KEY_PASSPHRASE_PROMPT',
    fallback: 'no',
    meaning: 'ask for the passphrase of the key files at the terminal, once at start',
    isSwitch: true,
  },
  ocspPeak: {
    flag: 'ocsp-peak',
    variable: 'MOHR_OCSP_PEAK',
    fallback: '(none)',
    meaning: 'answers per second that each OCSP responder key must be able to sign at start',
  },
  allowSlowKeys: {
    flag: 'allow-slow-keys',
    variable: 'MOHR_ALLOW_SLOW_KEYS',
    fallback: 'no',
    meaning: 'start although a responder key is slower than that peak',
    isSwitch: true,
  },
  ocspKeyTypes: {
    flag: 'ocsp-key-types',
    variable: 'MOHR_OCSP_KEY_TYPES',
    fallback: 'p-256',
    meaning:
      'OCSP responder keys that each CA has, e.g. `p-256,rsa-2048`; the first answers whoever does not ask for an algorithm',
  },
} as const;

/** Those that the profile of responders certifies. */
const OCSP_KEY_TYPES: readonly KeyType[] = ['p-256', 'p-384', 'rsa-2048', 'rsa-3072', 'rsa-4096'];

/** Beyond what any key signs: a larger number is a mistake. */
const PEAK_MAX = 10_000_000;

export interface KeySettingsSource {
  text(name: keyof typeof KEY_SETTINGS): string | undefined;
  /** Variable and flag of a setting, for messages. */
  where(name: keyof typeof KEY_SETTINGS): string;
  credentialsDirectory: string | undefined;
}

/** Reads the settings; what is wrong goes to `faults`. */
export function readKeySettings(
  { text, where, credentialsDirectory }: KeySettingsSource,
  faults: string[],
): KeySettings {
  const keys = text('keys') ?? KEY_SETTINGS.keys.fallback;
  const keysFault = keys === 'file' ? undefined : faultOfTokenUri(keys);
  if (keysFault) faults.push(`${where('keys')}: ${keysFault}`);
  const passphraseFile = text('keyPassphraseFile');
  const prompt = text('keyPassphrasePrompt') ?? KEY_SETTINGS.keyPassphrasePrompt.fallback;
  if (prompt !== 'yes' && prompt !== 'no')
    faults.push(`${where('keyPassphrasePrompt')}: "${prompt}", expected yes or no`);
  if (prompt === 'yes' && passphraseFile !== undefined)
    faults.push(`${where('keyPassphrasePrompt')}: yes, and ${where('keyPassphraseFile')} is given too`);
  const peakText = text('ocspPeak');
  const ocspPeak = Number(peakText);
  if (peakText !== undefined && !(/^[0-9]{1,8}$/.test(peakText) && ocspPeak >= 1 && ocspPeak <= PEAK_MAX))
    faults.push(`${where('ocspPeak')}: "${peakText}" is not a number of answers, expected 1 to ${PEAK_MAX}`);
  const slow = text('allowSlowKeys') ?? KEY_SETTINGS.allowSlowKeys.fallback;
  if (slow !== 'yes' && slow !== 'no')
    faults.push(`${where('allowSlowKeys')}: "${slow}", expected yes or no`);
  const ocspKeyTypes = readOcspKeyTypes(text('ocspKeyTypes') ?? KEY_SETTINGS.ocspKeyTypes.fallback);
  if (!ocspKeyTypes)
    faults.push(
      `${where('ocspKeyTypes')}: "${text('ocspKeyTypes')}", expected different ones of ${OCSP_KEY_TYPES.join(', ')}`,
    );
  return {
    keys,
    ...(passphraseFile !== undefined && { keyPassphraseFile: resolve(passphraseFile) }),
    keyPassphrasePrompt: prompt === 'yes',
    ...(credentialsDirectory && { credentialsDirectory }),
    ...(peakText !== undefined && { ocspPeak }),
    allowSlowKeys: slow === 'yes',
    ocspKeyTypes: ocspKeyTypes ?? [],
  };
}

function readOcspKeyTypes(text: string): KeyType[] | undefined {
  const names = text.split(',').map((name) => name.trim());
  const keyTypes = OCSP_KEY_TYPES.filter((keyType) => names.includes(keyType));
  if (keyTypes.length !== names.length) return undefined;
  return keyTypes.sort((a, b) => names.indexOf(a) - names.indexOf(b));
}

/** The URI itself is not repeated: somebody may have put a PIN into it. */
function faultOfTokenUri(text: string): string | undefined {
  if (!text.startsWith('pkcs11:')) return 'expected `file` or a pkcs11: URI';
  try {
    const { token, serial, object, id } = parsePkcs11Uri(text);
    if (object !== undefined || id !== undefined)
      return 'names a key; expected the token on which keys are made, without object and id';
    return token === undefined && serial === undefined ? 'names no token: token=… is missing' : undefined;
  } catch (error) {
    if (error instanceof KeyError) return error.detail;
    throw error;
  }
}
