import { createPublicKey } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';

import { decodeCredentialPublicKey, cose } from '@simplewebauthn/server/helpers';

/** The DER SubjectPublicKeyInfo of a COSE_Key (RFC 9053 §7.1, RFC 8230 §4); throws for any but P-256 and RSA. */
export function subjectPublicKeyInfoOf(coseKey: Uint8Array): Buffer {
  const key = createPublicKey({ key: jwkOf(new Uint8Array(coseKey)), format: 'jwk' });
  return key.export({ format: 'der', type: 'spki' });
}

function jwkOf(coseKey: Uint8Array<ArrayBuffer>): JsonWebKey {
  const key = decodeCredentialPublicKey(coseKey);
  if (cose.isCOSEPublicKeyEC2(key) && key.get(cose.COSEKEYS.crv) === cose.COSECRV.P256)
    return { kty: 'EC', crv: 'P-256', x: text(key.get(cose.COSEKEYS.x)), y: text(key.get(cose.COSEKEYS.y)) };
  if (cose.isCOSEPublicKeyRSA(key))
    return { kty: 'RSA', n: text(key.get(cose.COSEKEYS.n)), e: text(key.get(cose.COSEKEYS.e)) };
  throw new TypeError('a credential key is of P-256 or RSA');
}

function text(octets: Uint8Array | undefined): string {
  return Buffer.from(octets ?? []).toString('base64url');
}
