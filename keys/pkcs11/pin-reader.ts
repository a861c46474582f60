import { passphraseFromFile } from '../passphrase.ts';
import type { Passphrase } from '../passphrase.ts';
import type { Pkcs11Uri } from '../pkcs11-uri.ts';

/** Where the PIN of a token comes from, at each login anew, so that none is kept and a changed one is found. */
export function pinReader(
  uri: Pkcs11Uri,
  given: Passphrase | undefined,
): () => Promise<Passphrase | undefined> {
  const { pinSource } = uri;
  if (given || pinSource === undefined) return async () => given;
  return () => passphraseFromFile(pinSource);
}
