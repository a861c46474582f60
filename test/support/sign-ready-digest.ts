import { constants, privateEncrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { p256, p384 } from '@noble/curves/nist.js';

/** DER of a DigestInfo with SHA-256, up to the digest (RFC 8017 §9.2, note 1). */
const SHA256_PREFIX = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Signs a SHA-256 value as it is, as the key stores of phones can: ECDSA as two numbers, RSA as PKCS #1 v1.5. */
export function signReadyDigest(privateKey: KeyObject, digest: Uint8Array): Buffer {
  if (privateKey.asymmetricKeyType === 'rsa')
    return privateEncrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
      Buffer.concat([SHA256_PREFIX, digest]),
    );
  const { d, crv } = privateKey.export({ format: 'jwk' });
  const curve = crv === 'P-384' ? p384 : p256;
  const secret = Buffer.from(d!, 'base64url');
  return Buffer.from(curve.sign(digest, secret, { prehash: false, lowS: false, format: 'compact' }));
}
