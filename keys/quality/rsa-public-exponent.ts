import type { KeyQualityRule } from './key-quality-rule.ts';

/** The public exponent is inside the policy's bounds; holders use 65537 and nothing else. */
export const rsaPublicExponent: KeyQualityRule = {
  id: 'rsa-public-exponent',
  code: 'key-weak',
  source:
    'FIPS 186-5 Appendix A.1.1 (odd, between 2^16 and 2^256); CA/Browser Forum Baseline Requirements §6.1.6',
  judge(key, { rsaPublicExponentMin, rsaPublicExponentMax }) {
    if (key.kind !== 'rsa') return 'not-applicable';
    const { publicExponent } = key;
    const isOdd = (publicExponent & 1n) === 1n;
    if (isOdd && publicExponent >= rsaPublicExponentMin && publicExponent <= rsaPublicExponentMax)
      return 'pass';
    return {
      detail: `RSA exponent ${shown(publicExponent)}; allowed are odd ones from ${rsaPublicExponentMin} to ${rsaPublicExponentMax}`,
    };
  },
};

const DIGITS_SHOWN_MAX = 40;

function shown(exponent: bigint): string {
  const digits = exponent.toString();
  return digits.length > DIGITS_SHOWN_MAX ? `of ${exponent.toString(2).length} bits` : digits;
}
