import { digest } from '../pki/digest-algorithm.ts';
import type { BlockedKeys } from './blocked-keys.ts';
import { KeyError } from './key-error.ts';
import { ecNamedCurve } from './quality/ec-named-curve.ts';
import { ecPointOnCurve } from './quality/ec-point-on-curve.ts';
import { ecPointUncompressed } from './quality/ec-point-uncompressed.ts';
import { ed25519LowOrder } from './quality/ed25519-low-order.ts';
import type { KeyFinding, KeyPolicy, KeyQualityRule } from './quality/key-quality-rule.ts';
import { keyTypeAllowed } from './quality/key-type-allowed.ts';
import { readPublicKeyParts } from './quality/public-key-parts.ts';
import { rsaClosePrimes } from './quality/rsa-close-primes.ts';
import { rsaModulusLengthExact } from './quality/rsa-modulus-length-exact.ts';
import { rsaModulusOdd } from './quality/rsa-modulus-odd.ts';
import { rsaModulusSize } from './quality/rsa-modulus-size.ts';
import { rsaPublicExponent } from './quality/rsa-public-exponent.ts';
import { rsaRoca } from './quality/rsa-roca.ts';
import { rsaSmallFactor } from './quality/rsa-small-factor.ts';

/** What holders' keys must be, but for `keyTypes`, which their profile says. */
export const HOLDER_KEY_BOUNDS: Omit<KeyPolicy, 'keyTypes'> = {
  rsaModulusBitsMin: 2048,
  rsaModulusBitsMax: 4096,
  rsaPublicExponentMin: 65537n,
  rsaPublicExponentMax: 65537n,
};

/** In the order of their verdicts: what says most comes first, what costs most last. */
export const KEY_QUALITY_RULES: readonly KeyQualityRule[] = [
  keyTypeAllowed,
  rsaModulusSize,
  rsaModulusLengthExact,
  rsaPublicExponent,
  rsaModulusOdd,
  rsaSmallFactor,
  rsaRoca,
  rsaClosePrimes,
  ecNamedCurve,
  ecPointUncompressed,
  ecPointOnCurve,
  ed25519LowOrder,
];

/** All that is wrong with a SubjectPublicKeyInfo (DER); throws PkiError when it cannot be read at all. */
export function checkKeyQuality(subjectPublicKeyInfo: Uint8Array, policy: KeyPolicy): KeyFinding[] {
  const key = readPublicKeyParts(subjectPublicKeyInfo);
  return KEY_QUALITY_RULES.flatMap((rule) => {
    const verdict = rule.judge(key, policy);
    return typeof verdict === 'string' ? [] : [{ rule: rule.id, code: rule.code, detail: verdict.detail }];
  });
}

/**
 * Requires that a SubjectPublicKeyInfo (DER) passes every rule and is not blocked. Throws KeyError `key-weak`,
 * `key-type-not-allowed` or `key-blocked`, with all findings in the context, and PkiError for what cannot be read.
 */
export async function assertKeyQuality(options: {
  subjectPublicKeyInfo: Uint8Array;
  policy: KeyPolicy;
  blockedKeys: BlockedKeys;
}): Promise<void> {
  const findings = checkKeyQuality(options.subjectPublicKeyInfo, options.policy);
  if (findings.length > 0) {
    const [{ code, detail }] = findings;
    throw new KeyError(code, detail, { context: { findings } });
  }
  const spkiSha256 = digest('sha256', options.subjectPublicKeyInfo);
  if (!(await options.blockedKeys.isBlocked(spkiSha256))) return;
  const fingerprint = spkiSha256.toString('hex');
  throw new KeyError('key-blocked', `key ${fingerprint} is known to be compromised`, {
    context: { fingerprint },
  });
}
