import { ALG } from '../../pki/oid.ts';
import type { KeyQualityRule } from './key-quality-rule.ts';

interface Curve {
  fieldOctets: number;
  p: bigint;
  a: bigint;
  b: bigint;
}

const P_256 = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const P_384 = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n;

/** y² = x³ + ax + b over GF(p): NIST SP 800-186 §3.2.1 and RFC 5639 §3.4. */
const CURVES: Partial<Record<string, Curve>> = {
  [ALG.prime256v1]: {
    fieldOctets: 32,
    p: P_256,
    a: P_256 - 3n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  [ALG.secp384r1]: {
    fieldOctets: 48,
    p: P_384,
    a: P_384 - 3n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  [ALG.brainpoolP256r1]: {
    fieldOctets: 32,
    p: 0xa9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377n,
    a: 0x7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9n,
    b: 0x26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6n,
  },
};

/**
 * The point satisfies its curve's equation; the point at infinity has no uncompressed form. Computed here and not by
 * importing the key, which costs OpenSSL 3 a hundred times as much and would weigh on every certificate.
 */
export const ecPointOnCurve: KeyQualityRule = {
  id: 'ec-point-on-curve',
  code: 'key-weak',
  source:
    'NIST SP 800-56A Rev. 3 §5.6.2.3.4 (partial validation; these curves have cofactor 1, so it is full)',
  judge(key) {
    const curve = key.kind === 'ec' ? CURVES[key.curve ?? ''] : undefined;
    if (key.kind !== 'ec' || !curve || key.point[0] !== 0x04) return 'not-applicable';
    if (isOnCurve(key.point.subarray(1), curve)) return 'pass';
    return { detail: 'EC point is not on its curve; allowed are points that satisfy its equation' };
  },
};

function isOnCurve(coordinates: Buffer, { fieldOctets, p, a, b }: Curve): boolean {
  if (coordinates.length !== 2 * fieldOctets) return false;
  const x = BigInt(`0x${coordinates.toString('hex', 0, fieldOctets)}`);
  const y = BigInt(`0x${coordinates.toString('hex', fieldOctets)}`);
  return x < p && y < p && (y * y - ((x * x + a) * x + b)) % p === 0n;
}
