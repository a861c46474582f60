// The extensions of OCSP requests and responses (RFC 6960 §4.4, RFC 9654, Common PKI 2.0 part 4 §3.1.2).
import * as asn1 from './der/encode.ts';
import { Cursor, openWhole } from './der/decode.ts';
import { TAG } from './der/tag.ts';
import { oidOf, timeOf } from './der/values.ts';
import { DIGEST_OCTETS, digestIdentifier, digestOfOid } from './digest-algorithm.ts';
import type { DigestName } from './digest-algorithm.ts';
import { encodeExtension } from './extension.ts';
import type { Extension } from './extension.ts';
import { CE } from './oid.ts';
import { PkiError } from './pki-error.ts';

/** Bounds of a nonce in octets (RFC 9654 §2.1). */
const NONCE_OCTETS_MIN = 1;
const NONCE_OCTETS_MAX = 128;

/** More algorithms than anybody prefers; bounds a hostile list. */
const PREFERRED_ALGORITHMS_MAX = 32;

/** One type of response is known; bounds a hostile list. */
const ACCEPTABLE_TYPES_MAX = 16;

/** A signature algorithm that a client asks for (RFC 6960 §4.4.7.1). */
export interface PreferredSignatureAlgorithm {
  /** AlgorithmIdentifier of the signature. */
  signatureAlgorithm: Buffer;
  /** SMIMECapability that the responder's key should have, where the client says so. */
  publicKeyAlgorithm?: Buffer;
}

/** CertHash: the responder knows this very certificate, so it was issued. */
export interface CertHash {
  hashAlgorithm: DigestName;
  certificateHash: Buffer;
}

export function nonceExtension(nonce: Uint8Array): Extension {
  return { oid: CE.ocspNonce, critical: false, value: asn1.octetString(nonce) };
}

/** The nonce inside extnValue; throws PkiError for one that is no OCTET STRING of 1 to 128 octets (RFC 9654 §2.1). */
export function parseNonce(value: Uint8Array): Buffer {
  const cursor = new Cursor(value);
  const nonce = cursor.read(TAG.octetString).content;
  cursor.end();
  if (nonce.length < NONCE_OCTETS_MIN || nonce.length > NONCE_OCTETS_MAX) {
    const allowed = `${NONCE_OCTETS_MIN} to ${NONCE_OCTETS_MAX}`;
    throw new PkiError('ocsp-request-malformed', `nonce of ${nonce.length} octets, allowed are ${allowed}`);
  }
  return nonce;
}

/** CertHash with SHA-256 over the whole certificate. */
export function certHashExtension(certificateSha256: Uint8Array): Extension {
  const encoded = Buffer.from(CERT_HASH.encoded);
  encoded.set(certificateSha256, encoded.length - DIGEST_OCTETS.sha256);
  const value = encoded.subarray(encoded.length - CERT_HASH.valueOctets);
  return { oid: CE.certHash, critical: false, value, encoded };
}

/** Each answer has one, and only the hash at its end differs. */
const CERT_HASH = certHashTemplate();

function certHashTemplate(): { encoded: Buffer; valueOctets: number } {
  const hash = Buffer.alloc(DIGEST_OCTETS.sha256);
  const value = asn1.sequence(digestIdentifier('sha256'), asn1.octetString(hash));
  return {
    encoded: encodeExtension({ oid: CE.certHash, critical: false, value }),
    valueOctets: value.length,
  };
}

export function parseCertHash(value: Uint8Array): CertHash {
  const fields = openWhole(value);
  const hashAlgorithm = digestOfOid(oidOf(fields.into(TAG.sequence).read(TAG.oid)));
  const certificateHash = fields.read(TAG.octetString).content;
  fields.end();
  return { hashAlgorithm, certificateHash };
}

/** ArchiveCutoff (RFC 6960 §4.4.4): status of certificates that expired since then is still known. */
export function archiveCutoffExtension(cutoff: Date): Extension {
  const extension = { oid: CE.ocspArchiveCutoff, critical: false, value: asn1.generalizedTime(cutoff) };
  return { ...extension, encoded: encodeExtension(extension) };
}

export function parseArchiveCutoff(value: Uint8Array): Date {
  const cursor = new Cursor(value);
  const cutoff = timeOf(cursor.read(TAG.generalizedTime));
  cursor.end();
  return cutoff;
}

/** The extended definition of `revoked`, which covers certificates that were never issued (RFC 6960 §4.4.8). */
export function extendedRevokeExtension(): Extension {
  return { oid: CE.ocspExtendedRevoke, critical: false, value: asn1.NULL };
}

export function preferredSignatureAlgorithmsExtension(
  preferred: readonly PreferredSignatureAlgorithm[],
): Extension {
  const list = preferred.map(({ signatureAlgorithm, publicKeyAlgorithm }) =>
    asn1.sequence(signatureAlgorithm, ...(publicKeyAlgorithm ? [publicKeyAlgorithm] : [])),
  );
  return { oid: CE.ocspPreferredSignatureAlgorithms, critical: false, value: asn1.sequence(...list) };
}

/** Reads AcceptableResponses (RFC 6960 §4.4.3) as dotted decimals. */
export function parseAcceptableResponses(value: Uint8Array): string[] {
  const list = openWhole(value);
  const types: string[] = [];
  while (!list.atEnd) {
    if (types.length === ACCEPTABLE_TYPES_MAX)
      throw new PkiError('ocsp-request-malformed', `more than ${ACCEPTABLE_TYPES_MAX} types of responses`);
    types.push(oidOf(list.read(TAG.oid)));
  }
  return types;
}

/** Reads PreferredSignatureAlgorithms, the most wanted first. */
export function parsePreferredSignatureAlgorithms(value: Uint8Array): PreferredSignatureAlgorithm[] {
  const list = openWhole(value);
  const preferred: PreferredSignatureAlgorithm[] = [];
  while (!list.atEnd) {
    if (preferred.length === PREFERRED_ALGORITHMS_MAX) {
      throw new PkiError(
        'ocsp-request-malformed',
        `more than ${PREFERRED_ALGORITHMS_MAX} preferred algorithms`,
      );
    }
    const one = list.into(TAG.sequence);
    const signatureAlgorithm = one.read(TAG.sequence).bytes;
    const publicKeyAlgorithm = one.readOptional(TAG.sequence)?.bytes;
    one.end();
    preferred.push({ signatureAlgorithm, ...(publicKeyAlgorithm && { publicKeyAlgorithm }) });
  }
  return preferred;
}
