import type { KeyQualityRule } from './key-quality-rule.ts';
import { primesBelow } from './primes-below.ts';

/** The Baseline Requirements stop at 752; this far costs little and finds more of what a broken prime test lets through. */
const BOUND = 2 ** 12;

/** No small prime divides the modulus. */
export const rsaSmallFactor: KeyQualityRule = {
  id: 'rsa-small-factor',
  code: 'key-weak',
  source: 'NIST SP 800-89 §5.3.3; CA/Browser Forum Baseline Requirements §6.1.6 (no factor below 752)',
  judge(key) {
    if (key.kind !== 'rsa') return 'not-applicable';
    for (const { product, primes } of PRODUCTS) {
      const rest = Number(key.modulus % product);
      const factor = primes.find((prime) => rest % prime === 0);
      if (factor)
        return { detail: `RSA modulus is divisible by ${factor}; allowed are no factors below ${BOUND}` };
    }
    return 'pass';
  },
};

/** Primes in groups whose product still is an exact number: one long division answers for all of a group. */
const PRODUCTS: readonly { product: bigint; primes: readonly number[] }[] = productsOf(primesBelow(BOUND));

function productsOf(primes: readonly number[]): { product: bigint; primes: number[] }[] {
  const groups: { product: bigint; primes: number[] }[] = [];
  for (const prime of primes) {
    const last = groups.at(-1);
    const product = last ? last.product * BigInt(prime) : 0n;
    if (!last || product > BigInt(Number.MAX_SAFE_INTEGER))
      groups.push({ product: BigInt(prime), primes: [prime] });
    else groups[groups.length - 1] = { product, primes: [...last.primes, prime] };
  }
  return groups;
}
