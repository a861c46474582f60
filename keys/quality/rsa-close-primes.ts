import type { KeyQualityRule } from './key-quality-rule.ts';

/** The Baseline Requirements ask for 100: enough for primes that agree in their upper halves. */
const ROUNDS = 100;

/** Fermat's factorization does not succeed: the two primes are far apart. */
export const rsaClosePrimes: KeyQualityRule = {
  id: 'rsa-close-primes',
  code: 'key-weak',
  source:
    'CVE-2022-26320 (Böck); FIPS 186-5 Appendix A.1.3 |p − q|; CA/Browser Forum Baseline Requirements §6.1.1.3',
  judge(key) {
    if (key.kind !== 'rsa') return 'not-applicable';
    const round = fermatRound(key.modulus);
    if (round === undefined) return 'pass';
    return {
      detail: `RSA modulus is factored by Fermat's method in round ${round}; allowed is no success in ${ROUNDS}`,
    };
  },
};

/** The round 1..ROUNDS in which a² − n is a square, which gives n = (a − b)(a + b); undefined when none is. */
function fermatRound(modulus: bigint): number | undefined {
  let a = squareRoot(modulus);
  if (a * a < modulus) a += 1n;
  let difference = a * a - modulus;
  for (let round = 1; round <= ROUNDS; round += 1) {
    if (isSquare(difference)) return round;
    // (a + 1)² − n = a² − n + 2a + 1
    difference += 2n * a + 1n;
    a += 1n;
  }
  return undefined;
}

/** Squares modulo 2^6·3²·5·7·11·13 = 2882880: all but one number in about 120 need no root. */
const SQUARE_MODULI = [64, 63, 65, 11].map((modulus) => {
  const residues = new Set(Array.from({ length: modulus }, (_, root) => (root * root) % modulus));
  return { modulus, residues };
});
const SQUARE_MODULUS = 64n * 63n * 65n * 11n;

function isSquare(value: bigint): boolean {
  const rest = Number(value % SQUARE_MODULUS);
  if (SQUARE_MODULI.some(({ modulus, residues }) => !residues.has(rest % modulus))) return false;
  const root = squareRoot(value);
  return root * root === value;
}

/** Integer square root by Newton's method from above. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(16).length * 4 + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
