import type { KeyQualityRule } from './key-quality-rule.ts';

const UNCOMPRESSED = 0x04;

/** The point has the form that every relying party reads. */
export const ecPointUncompressed: KeyQualityRule = {
  id: 'ec-point-uncompressed',
  code: 'key-weak',
  source: 'RFC 5480 §2.2 (uncompressed MUST, compressed MAY be supported; hybrid MUST NOT be used)',
  judge(key) {
    if (key.kind !== 'ec') return 'not-applicable';
    if (key.point[0] === UNCOMPRESSED) return 'pass';
    const first =
      key.point.length === 0 ? 'no octets' : `form 0x${key.point[0].toString(16).padStart(2, '0')}`;
    return { detail: `EC point has ${first}; allowed is the uncompressed form 0x04` };
  },
};
