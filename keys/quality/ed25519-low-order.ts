import type { KeyQualityRule } from './key-quality-rule.ts';

const POINT_OCTETS = 32;

/**
 * The y coordinates, little-endian, of the points whose order divides the cofactor 8, with the encodings p and p + 1 of 0
 * and 1. Under such a key one signature holds for many messages, so it proves no possession.
 */
export const LOW_ORDER_Y: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

/** The Ed25519 point is not of low order. */
export const ed25519LowOrder: KeyQualityRule = {
  id: 'ed25519-low-order',
  code: 'key-weak',
  source: 'RFC 8032 §5.1 (cofactor 8); Chalkias et al., Taming the Many EdDSAs, 2020',
  judge(key) {
    if (key.kind !== 'ed25519') return 'not-applicable';
    if (key.point.length !== POINT_OCTETS) {
      return { detail: `Ed25519 key of ${key.point.length} octets; allowed are ${POINT_OCTETS}` };
    }
    const y = Buffer.from(key.point);
    // The top bit is the sign of x: both points of a y have the same order.
    y[POINT_OCTETS - 1] &= 0x7f;
    if (!LOW_ORDER_Y.includes(y.toString('hex'))) return 'pass';
    return { detail: 'Ed25519 point is of low order; allowed are points of prime order' };
  },
};
