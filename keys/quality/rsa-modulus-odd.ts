import type { KeyQualityRule } from './key-quality-rule.ts';

/** The modulus is odd: an even one is no product of two large primes. */
export const rsaModulusOdd: KeyQualityRule = {
  id: 'rsa-modulus-odd',
  code: 'key-weak',
  source: 'NIST SP 800-89 §5.3.3; CA/Browser Forum Baseline Requirements §6.1.6',
  judge(key) {
    if (key.kind !== 'rsa') return 'not-applicable';
    return (key.modulus & 1n) === 1n ? 'pass' : { detail: 'RSA modulus is even; allowed are odd ones' };
  },
};
