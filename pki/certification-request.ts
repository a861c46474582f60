import type { KeyObject } from 'node:crypto';

import { openWhole } from './der/decode.ts';
import type { Cursor } from './der/decode.ts';
import { TAG, context } from './der/tag.ts';
import { bitOctetsOf, numberOf } from './der/values.ts';
import { parseName } from './name.ts';
import type { Name } from './name.ts';
import { PkiError } from './pki-error.ts';
import { importPublicKey, importPublicKeyRaw } from './public-key.ts';
import { parseSignatureAlgorithm, verifySignature } from './signature-algorithm.ts';
import { decodePem } from './pem.ts';
import { digest } from './digest-algorithm.ts';

/** A PKCS#10 request (RFC 2986): all that we take from it is the key, and the proof that its owner holds it. */
export interface CertificationRequest {
  bytes: Buffer;
  subject: Name;
  subjectPublicKeyInfo: Buffer;
  /** SHA-256 over the request. */
  fingerprint: Buffer;
}

/** Largest request that is read, in octets; an RSA-4096 one with attributes stays under 4 KiB. */
export const CERTIFICATION_REQUEST_OCTETS_MAX = 16_384;

/** Base64 of the largest request, and as much again for what tools write around it (`openssl req -text`). */
const PEM_CHARACTERS_MAX = 3 * CERTIFICATION_REQUEST_OCTETS_MAX;

/**
 * Reads a request in DER or PEM and verifies its signature with its own key.
 * Throws PkiError `certification-request-malformed` or `certification-request-signature`.
 */
export function parseCertificationRequest(input: Uint8Array | string): CertificationRequest {
  return malformedUnless(() => {
    const signed = readSigned(derOf(input));
    return verified(signed, importPublicKey(signed.subjectPublicKeyInfo));
  });
}

/** The same, for many requests: a P-256 key is imported in half the time. */
export async function verifyCertificationRequest(input: Uint8Array | string): Promise<CertificationRequest> {
  try {
    const signed = readSigned(derOf(input));
    return verified(signed, await importPublicKeyRaw(signed.subjectPublicKeyInfo));
  } catch (cause) {
    return asMalformed(cause);
  }
}

function malformedUnless<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    return asMalformed(cause);
  }
}

function asMalformed(cause: unknown): never {
  if (!(cause instanceof PkiError) || cause.code.startsWith('certification-request-')) throw cause;
  throw new PkiError('certification-request-malformed', cause.detail, { cause });
}

function derOf(input: Uint8Array | string): Buffer {
  if (typeof input !== 'string') return Buffer.from(bounded(input));
  if (input.length > PEM_CHARACTERS_MAX) {
    throw malformed(`PEM of ${input.length} characters, at most ${PEM_CHARACTERS_MAX}`);
  }
  const found = decodePem(input, ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST']);
  if (found.length !== 1) throw malformed(`${found.length} PEM requests found, expected one`);
  return bounded(found[0].bytes);
}

function bounded<Octets extends Uint8Array>(der: Octets): Octets {
  if (der.length <= CERTIFICATION_REQUEST_OCTETS_MAX) return der;
  throw malformed(`${der.length} octets, at most ${CERTIFICATION_REQUEST_OCTETS_MAX}`);
}

interface SignedRequest {
  bytes: Buffer;
  /** CertificationRequestInfo: what is signed. */
  info: Buffer;
  subject: Name;
  subjectPublicKeyInfo: Buffer;
  algorithm: Buffer;
  signature: Buffer;
}

function readSigned(bytes: Buffer): SignedRequest {
  const outer = openWhole(bytes);
  const info = outer.read(TAG.sequence);
  const algorithm = outer.read(TAG.sequence).bytes;
  const signature = bitOctetsOf(outer.read(TAG.bitString));
  outer.end();
  return { bytes, info: info.bytes, ...readInfo(outer.open(info)), algorithm, signature };
}

function verified(signed: SignedRequest, publicKey: KeyObject): CertificationRequest {
  const { bytes, subject, subjectPublicKeyInfo } = signed;
  const scheme = parseSignatureAlgorithm(signed.algorithm);
  if (scheme.digest === 'sha1') {
    throw new PkiError(
      'certification-request-signature',
      'the request is signed with SHA-1, at least SHA-256 is asked for',
    );
  }
  if (!verifySignature(scheme, publicKey, signed.info, signed.signature)) {
    throw new PkiError(
      'certification-request-signature',
      'the request is not signed by the key that it carries',
    );
  }
  return { bytes, subject, subjectPublicKeyInfo, fingerprint: digest('sha256', bytes) };
}

function readInfo(info: Cursor) {
  const version = numberOf(info.read(TAG.integer));
  if (version !== 0) throw malformed(`version field ${version}, expected 0`);
  const subject = parseName(info.read(TAG.sequence).bytes);
  const subjectPublicKeyInfo = info.read(TAG.sequence).bytes;
  // Attributes are required by RFC 2986 §4.1, yet some devices leave an empty set out.
  info.readOptional(context(0));
  info.end();
  return { subject, subjectPublicKeyInfo };
}

function malformed(detail: string): PkiError {
  return new PkiError('certification-request-malformed', detail);
}
