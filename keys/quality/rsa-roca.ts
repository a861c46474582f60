import type { KeyQualityRule } from './key-quality-rule.ts';
import { primesBelow } from './primes-below.ts';

/** Infineon's library took M as the product of the first 39 primes (2 to 167) for its shortest keys, and of more for others. */
const LARGEST_PRIME_OF_M = 167;
const GENERATOR = 65537;

/**
 * The modulus lacks the fingerprint of CVE-2017-15361: primes of the form k·M + (65537^a mod M), so that the modulus is a
 * power of 65537 modulo every prime of M. A sound modulus passes for a flawed one once in about 2^28.
 */
export const rsaRoca: KeyQualityRule = {
  id: 'rsa-roca',
  code: 'key-weak',
  source:
    'Nemec et al., The Return of Coppersmith’s Attack, CCS 2017; CVE-2017-15361; CA/Browser Forum Baseline Requirements §6.1.1.3',
  judge(key) {
    if (key.kind !== 'rsa') return 'not-applicable';
    const isFingerprint = TELLING.every(({ prime, powers }) =>
      powers.has(Number(key.modulus % BigInt(prime))),
    );
    return isFingerprint
      ? { detail: 'RSA modulus was made by the flawed generator of CVE-2017-15361 (ROCA)' }
      : 'pass';
  },
};

/** The primes modulo which not every residue is a power of 65537; the others tell nothing. */
const TELLING = primesBelow(LARGEST_PRIME_OF_M + 1)
  .map((prime) => ({ prime, powers: powersModulo(prime) }))
  .filter(({ prime, powers }) => powers.size < prime - 1);

function powersModulo(prime: number): Set<number> {
  const powers = new Set<number>();
  for (let power = 1 % prime; !powers.has(power); power = (power * GENERATOR) % prime) powers.add(power);
  return powers;
}
