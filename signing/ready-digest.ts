import { constants, publicDecrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { p256, p384 } from '@noble/curves/nist.js';

import type { Transaction } from '../core/transaction.ts';
import { publicKeyOf } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import * as asn1 from '../pki/der/encode.ts';
import { openWhole } from '../pki/der/decode.ts';
import { TAG } from '../pki/der/tag.ts';
import { ALG } from '../pki/oid.ts';
import { READY_DIGEST_OCTETS } from '../pki/ready-digest.ts';
import type { CredentialId } from './sessions/credential.ts';

// Digests that relying parties make and hand in, and that a phone signs as they are. WebCrypto hashes whatever it signs, so keys of
// browsers never do; those of applications on phones can.

export interface ReadyDigestStore {
  /** From now on the key counts as one that signs such digests. */
  addSigner(tx: Transaction, credential: CredentialId, at: Date): Promise<void>;
  /** Whether a key has signed such a digest for somebody who handed it in; as `asReadyDigest` gives it. */
  wasHandedIn(tx: Transaction, credential: CredentialId, readyDigest: Buffer): Promise<boolean>;
}

/**
 * Whether the certificate's key signed a SHA-256 value as it is; ECDSA signatures come as two numbers of fixed length. node:crypto
 * verifies ECDSA over octets only, which it hashes by itself.
 */
export function isDigestSignedByDevice(
  certificate: Certificate,
  readyDigest: Buffer,
  signature: Buffer,
): boolean {
  if (readyDigest.length !== READY_DIGEST_OCTETS) return false;
  const key = publicKeyOf(certificate);
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''];
  try {
    if (!curve) return isRsaSigned(key, readyDigest, signature);
    // Any signature that ECDSA knows: to take the lower of two values of s only is a rule of others.
    const rules = { prehash: false, lowS: false, format: 'compact' } as const;
    return curve.verify(signature, readyDigest, pointOf(certificate), rules);
  } catch {
    // Octets that are no signature at all.
    return false;
  }
}

const CURVES: Readonly<Record<string, typeof p256 | undefined>> = { prime256v1: p256, secp384r1: p384 };

/** RFC 5480 §2.2: the point stands in the bit string as it is, after the count of unused bits. */
function pointOf({ subjectPublicKeyInfo }: Certificate): Buffer {
  const key = openWhole(subjectPublicKeyInfo, TAG.sequence);
  key.read(TAG.sequence);
  return key.read(TAG.bitString).content.subarray(1);
}

/** RFC 8017 §8.2.2: the whole DigestInfo is compared, so nothing can hide beside the digest. */
function isRsaSigned(key: KeyObject, readyDigest: Buffer, signature: Buffer): boolean {
  if (key.asymmetricKeyType !== 'rsa') return false;
  const algorithm = asn1.sequence(asn1.oid(ALG.sha256), asn1.NULL);
  const digestInfo = asn1.sequence(algorithm, asn1.octetString(readyDigest));
  return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).equals(digestInfo);
}
