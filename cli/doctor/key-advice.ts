/** What to do about a key that cannot be used, by the code of the error: a key that is shut is not one that is lost. */
const ADVICE: Readonly<Record<string, string>> = {
  'key-passphrase':
    'give this command the passphrase that the service has (MOHR_KEY_PASSPHRASE_FILE; for a credential of a unit, docs/deployment/mohr-as). Only if the service cannot open it either: put the file back',
  'secret-file-permissions':
    'nobody but the user of the service may read it: chmod 600, and take for known what others could read',
};

/** Falls back to what is said of keys that are not there. */
export function keyAdvice(code: string, lost: string): string {
  return ADVICE[code] ?? lost;
}
