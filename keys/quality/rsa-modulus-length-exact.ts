import type { KeyQualityRule } from './key-quality-rule.ts';

const STEP_BITS = 1024;

/** The modulus has its leading bit: a generator that loses it (2047 bits) does not follow FIPS 186-5, whatever else it does. */
export const rsaModulusLengthExact: KeyQualityRule = {
  id: 'rsa-modulus-length-exact',
  code: 'key-weak',
  source: 'FIPS 186-5 §5.1 and Appendix A.1.1 (nlen is exact); NIST SP 800-131A',
  judge(key) {
    if (key.kind !== 'rsa') return 'not-applicable';
    if (key.modulusBits % STEP_BITS === 0) return 'pass';
    return { detail: `RSA modulus of ${key.modulusBits} bits; allowed are multiples of ${STEP_BITS}` };
  },
};
