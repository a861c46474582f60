import type { KeyQualityRule } from './key-quality-rule.ts';

/** The curve is named: explicit parameters let anyone choose the generator (CVE-2020-0601). */
export const ecNamedCurve: KeyQualityRule = {
  id: 'ec-named-curve',
  code: 'key-weak',
  source: 'RFC 5480 §2.1.1 (specifiedCurve and implicitCurve MUST NOT be used)',
  judge(key) {
    if (key.kind !== 'ec') return 'not-applicable';
    return key.curve === undefined
      ? { detail: 'EC parameters are not a named curve; allowed are named curves' }
      : 'pass';
  },
};
