import { ALG } from '../../pki/oid.ts';
import type { KeyType } from '../../pki/key-type.ts';
import type { KeyQualityRule } from './key-quality-rule.ts';
import type { PublicKeyParts } from './public-key-parts.ts';

const CURVES: Partial<Record<string, KeyType>> = {
  [ALG.prime256v1]: 'p-256',
  [ALG.secp384r1]: 'p-384',
  [ALG.brainpoolP256r1]: 'brainpoolP256r1',
};

const MODULUS_BITS: Partial<Record<number, KeyType>> = {
  2048: 'rsa-2048',
  3072: 'rsa-3072',
  4096: 'rsa-4096',
};

/** The algorithm, curve and RSA size are among those of the profile; RSA sizes of no name are left to the modulus rules. */
export const keyTypeAllowed: KeyQualityRule = {
  id: 'key-type-allowed',
  code: 'key-type-not-allowed',
  source: 'the profile; RFC 5480 §2.1.1.1 for curves, RFC 8410 §3, RFC 9881 §2',
  judge(key, policy) {
    if (key.kind === 'ec' && key.curve === undefined) return 'not-applicable';
    if (key.algorithm === ALG.rsaEncryption && nameOf(key) === undefined) return 'not-applicable';
    const keyType = nameOf(key);
    if (keyType && policy.keyTypes.includes(keyType)) return 'pass';
    return { detail: `key type ${keyType ?? describe(key)}; allowed are ${policy.keyTypes.join(', ')}` };
  },
};

function nameOf(key: PublicKeyParts): KeyType | undefined {
  if (key.kind === 'ed25519') return 'ed25519';
  if (key.algorithm === ALG.mlDsa65) return 'ml-dsa-65';
  if (key.kind === 'ec') return CURVES[key.curve ?? ''];
  return key.kind === 'rsa' && key.algorithm === ALG.rsaEncryption
    ? MODULUS_BITS[key.modulusBits]
    : undefined;
}

function describe(key: PublicKeyParts): string {
  return key.kind === 'ec' ? `EC on curve ${key.curve}` : `with algorithm ${key.algorithm}`;
}
