import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

import { DomainError } from '../../core/errors.ts';

/** A secret as it is stored. */
export interface SecretHash {
  salt: Buffer;
  hash: Buffer;
}

/** RFC 7914 §2; what OWASP recommends for r = 8 and p = 3 at 32 MiB: some 100 ms of a core. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const HASH_OCTETS = 32;
const SALT_OCTETS = 16;

/** At once in this process: each takes 32 MiB and a thread; whoever comes then is asked to come again. */
const HASHING_MAX = 16;

let hashing = 0;

export async function hashSecret(
  secret: string,
  salt: Buffer = randomBytes(SALT_OCTETS),
): Promise<SecretHash> {
  if (hashing >= HASHING_MAX) throw new DomainError('overloaded', 'too many at once: try again in a moment');
  hashing += 1;
  try {
    // Two ways to type a letter are one password.
    const text = secret.normalize('NFKC');
    const hash = await new Promise<Buffer>((resolve, reject) =>
      scrypt(text, salt, HASH_OCTETS, COST, (error, key) => (error ? reject(error) : resolve(key))),
    );
    return { salt, hash };
  } finally {
    hashing -= 1;
  }
}

/** Takes as long when there is nothing to compare with. */
export async function isSecretOf(secret: string, stored: SecretHash | undefined): Promise<boolean> {
  const { salt, hash } = stored ?? NOBODY;
  const { hash: actual } = await hashSecret(secret, salt);
  return timingSafeEqual(actual, hash) && stored !== undefined;
}

const NOBODY: SecretHash = { salt: randomBytes(SALT_OCTETS), hash: randomBytes(HASH_OCTETS) };
