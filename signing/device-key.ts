import { verify } from 'node:crypto';

import { publicKeyOf } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import * as asn1 from '../pki/der/encode.ts';
import { openWhole } from '../pki/der/decode.ts';
import { TAG } from '../pki/der/tag.ts';
import { oidOf } from '../pki/der/values.ts';
import { ALG } from '../pki/oid.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';
import { SigningError } from './signing-error.ts';

/** How a phone's key signs: what WebCrypto and JWS call it, and what CMS does. */
export interface DeviceAlgorithm {
  /** CMS always hashes with SHA-256: OpenSSL verifies with the digest of the content, whatever the signature names. */
  cms: SignatureAlgorithmName;
  /** RFC 7518 §3.4 binds the hash to the curve. */
  jws: { name: 'ES256' | 'ES384' | 'RS256'; digest: 'sha256' | 'sha384' };
  isEcdsa: boolean;
}

const P_256: DeviceAlgorithm = {
  cms: 'ecdsa-sha256',
  jws: { name: 'ES256', digest: 'sha256' },
  isEcdsa: true,
};
const P_384: DeviceAlgorithm = {
  cms: 'ecdsa-sha256',
  jws: { name: 'ES384', digest: 'sha384' },
  isEcdsa: true,
};
const RSA: DeviceAlgorithm = { cms: 'rsa-sha256', jws: { name: 'RS256', digest: 'sha256' }, isEcdsa: false };

/** Throws SigningError `credential-not-valid` for keys that no phone has. */
export function deviceAlgorithmOf(certificate: Certificate): DeviceAlgorithm {
  // Read off the SubjectPublicKeyInfo (RFC 5480 §2.1.1): to import a key takes longer than to verify with it.
  const algorithm = openWhole(certificate.subjectPublicKeyInfo).into(TAG.sequence);
  const oid = oidOf(algorithm.read(TAG.oid));
  if (oid === ALG.rsaEncryption) return RSA;
  const curve = oid === ALG.ecPublicKey ? oidOf(algorithm.read(TAG.oid)) : undefined;
  if (curve === ALG.prime256v1) return P_256;
  if (curve === ALG.secp384r1) return P_384;
  throw new SigningError('credential-not-valid', 'a phone does not sign with a key of this type');
}

/** Whether the certificate's key signed octets; ECDSA signatures come as WebCrypto makes them, two numbers of fixed length. */
export function isSignedByDevice(
  certificate: Certificate,
  octets: Uint8Array,
  signature: Uint8Array,
  digest: 'sha256' | 'sha384' = 'sha256',
): boolean {
  const key = { key: publicKeyOf(certificate), dsaEncoding: 'ieee-p1363' as const };
  try {
    return verify(digest, octets, key, signature);
  } catch {
    // Octets that are no signature at all.
    return false;
  }
}

/** The signature as CMS carries it: Ecdsa-Sig-Value (RFC 3279 §2.2.3), or as it is. */
export function cmsSignatureValue({ isEcdsa }: DeviceAlgorithm, signature: Buffer): Buffer {
  if (!isEcdsa) return signature;
  const half = signature.length / 2;
  return asn1.sequence(unsigned(signature.subarray(0, half)), unsigned(signature.subarray(half)));
}

function unsigned(octets: Buffer): Buffer {
  const first = octets.findIndex((octet) => octet !== 0);
  const significant = octets.subarray(first === -1 ? octets.length - 1 : first);
  const sign = significant[0] >= 0x80 ? Buffer.of(0) : Buffer.alloc(0);
  return asn1.element(TAG.integer, sign, significant);
}
