import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

import { DomainError } from '../../core/errors.ts';

/** A secret as it is stored. */
export interface SecretHash {
  salt: Buffer;
  hash: Buffer;
}

/** RFC 7914 §2. */
export interface SecretCost {
  N: number;
  r: number;
  p: number;
}

/** What OWASP recommends for r = 8 and p = 3 at 32 MiB: some 100 ms of a core. */
const SECRET_COST: SecretCost = { N: 2 ** 15, r: 8, p: 3 };

const MEMORY_OCTETS_MAX = 64 * 1024 * 1024;
const HASH_OCTETS = 32;
const SALT_OCTETS = 16;

/** At once in this process: each takes 32 MiB and a thread; whoever comes then is asked to come again. */
const HASHING_MAX = 16;

const NOBODY: SecretHash = { salt: randomBytes(SALT_OCTETS), hash: randomBytes(HASH_OCTETS) };

/** Hashes what people type, all at one cost; what was hashed at another is nobody's secret. */
export class SecretHasher {
  readonly #cost: SecretCost;
  #hashing = 0;

  constructor(cost: SecretCost = SECRET_COST) {
    this.#cost = cost;
  }

  /** Throws DomainError `overloaded` where too many come at once. */
  async hash(secret: string, salt: Buffer = randomBytes(SALT_OCTETS)): Promise<SecretHash> {
    if (this.#hashing >= HASHING_MAX)
      throw new DomainError('overloaded', 'too many at once: try again in a moment');
    this.#hashing += 1;
    try {
      return { salt, hash: await stretch(secret, salt, this.#cost) };
    } finally {
      this.#hashing -= 1;
    }
  }

  /** Takes as long when there is nothing to compare with. */
  async isOf(secret: string, stored: SecretHash | undefined): Promise<boolean> {
    const { salt, hash } = stored ?? NOBODY;
    const { hash: actual } = await this.hash(secret, salt);
    return timingSafeEqual(actual, hash) && stored !== undefined;
  }
}

function stretch(secret: string, salt: Buffer, cost: SecretCost): Promise<Buffer> {
  // Two ways to type a letter are one password.
  const text = secret.normalize('NFKC');
  const options = { ...cost, maxmem: MEMORY_OCTETS_MAX };
  return new Promise((resolve, reject) =>
    scrypt(text, salt, HASH_OCTETS, options, (error, key) => (error ? reject(error) : resolve(key))),
  );
}
