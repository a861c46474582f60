import type { KeyQualityRule } from './key-quality-rule.ts';

/** The modulus is inside the policy's bounds: large enough to last, small enough that verifying is no burden. */
export const rsaModulusSize: KeyQualityRule = {
  id: 'rsa-modulus-size',
  code: 'key-weak',
  source: 'ETSI TS 119 312; CA/Browser Forum Baseline Requirements §6.1.5',
  judge(key, { rsaModulusBitsMin, rsaModulusBitsMax }) {
    if (key.kind !== 'rsa') return 'not-applicable';
    if (key.modulusBits >= rsaModulusBitsMin && key.modulusBits <= rsaModulusBitsMax) return 'pass';
    return {
      detail: `RSA modulus of ${key.modulusBits} bits; allowed are ${rsaModulusBitsMin} to ${rsaModulusBitsMax}`,
    };
  },
};
