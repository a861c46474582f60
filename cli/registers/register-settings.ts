import { resolve } from 'node:path';

/** Where the registers are; without any, the development registers answer. */
export interface RegisterSettings {
  councilRegisterUrl?: string;
  civilRegistryUrl?: string;
  shahkarUrl?: string;
  /** JWK set of the keys that they sign with. */
  registerKeysFile?: string;
  /** Holds the bearer token for each that wants one, as JSON. */
  registerTokensFile?: string;
  licenceFeedUrl?: string;
}

/** Rows of `SETTINGS`. */
export const REGISTER_SETTINGS = {
  councilRegisterUrl: {
    flag: 'council-register-url',
    variable: 'MOHR_COUNCIL_REGISTER_URL',
    fallback: '(development)',
    meaning: 'Medical Council register; with the next three, else synthetic registers answer',
  },
  civilRegistryUrl: {
    flag: 'civil-registry-url',
    variable: 'MOHR_CIVIL_REGISTRY_URL',
    fallback: '(development)',
    meaning: 'civil registry',
  },
  shahkarUrl: {
    flag: 'shahkar-url',
    variable: 'MOHR_SHAHKAR_URL',
    fallback: '(development)',
    meaning: 'Shahkar, which knows whose a mobile number is',
  },
  registerKeysFile: {
    flag: 'register-keys-file',
    variable: 'MOHR_REGISTER_KEYS_FILE',
    fallback: '(development)',
    meaning: 'JWK set of the public keys that the registers and the Medical Council sign with',
  },
  registerTokensFile: {
    flag: 'register-tokens-file',
    variable: 'MOHR_REGISTER_TOKENS_FILE',
    fallback: '(none)',
    meaning: 'JSON object with the bearer token of each register that wants one',
  },
  licenceFeedUrl: {
    flag: 'licence-feed-url',
    variable: 'MOHR_LICENCE_FEED_URL',
    fallback: '(none)',
    meaning: 'feed of the Medical Council’s licence messages; the webhook takes them in either case',
  },
} as const;

const URLS = ['councilRegisterUrl', 'civilRegistryUrl', 'shahkarUrl'] as const;
const REAL = [...URLS, 'registerKeysFile'] as const;

export interface RegisterSettingsSource {
  text(name: keyof typeof REGISTER_SETTINGS): string | undefined;
  /** Variable and flag of a setting, for messages. */
  where(name: keyof typeof REGISTER_SETTINGS): string;
}

/** Reads the settings; what is wrong goes to `faults`. Some real registers beside some synthetic ones would be neither. */
export function readRegisterSettings(
  { text, where }: RegisterSettingsSource,
  faults: string[],
): RegisterSettings {
  for (const name of [...URLS, 'licenceFeedUrl'] as const) {
    const url = text(name);
    if (url !== undefined && !isHttpUrl(url))
      faults.push(`${where(name)}: not an http or https URL without a password`);
  }
  const given = REAL.filter((name) => text(name) !== undefined);
  const isReal =
    given.length > 0 || text('licenceFeedUrl') !== undefined || text('registerTokensFile') !== undefined;
  if (isReal && given.length < REAL.length)
    for (const name of REAL.filter((one) => !given.includes(one)))
      faults.push(`${where(name)}: is needed with the other registers`);
  const settings: RegisterSettings = {};
  for (const name of Object.keys(REGISTER_SETTINGS) as (keyof RegisterSettings)[]) {
    const value = text(name);
    if (value !== undefined) settings[name] = name.endsWith('File') ? resolve(value) : value;
  }
  return settings;
}

/** A password in a URL ends up in logs: tokens stand in their file. */
function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
