import * as asn1 from './der/encode.ts';
import { Cursor } from './der/decode.ts';
import { TAG, context } from './der/tag.ts';
import { bitsOf } from './der/values.ts';
import { encodeExtension, readExtensions } from './extension.ts';
import type { Extension, Extensions } from './extension.ts';
import { readCertId } from './ocsp-cert-id.ts';
import type { CertId } from './ocsp-cert-id.ts';
import {
  parseAcceptableResponses,
  parseNonce,
  parsePreferredSignatureAlgorithms,
} from './ocsp-extensions.ts';
import type { PreferredSignatureAlgorithm } from './ocsp-extensions.ts';
import { CE, PKIX } from './oid.ts';
import { PkiError } from './pki-error.ts';

/** An OCSPRequest as read (RFC 6960 §4.1.1). */
export interface OcspRequest {
  /** GeneralName as it stands in the request. */
  requestorName?: Buffer;
  /** At least one. */
  requests: OcspSingleRequest[];
  extensions: Extensions;
  nonce?: Buffer;
  /** The most wanted first; empty when the client does not care. */
  preferredSignatureAlgorithms: PreferredSignatureAlgorithm[];
  /** Whether optionalSignature is there; nothing here verifies it, and nobody gets more or less for it. */
  signed: boolean;
}

export interface OcspSingleRequest {
  certId: CertId;
  extensions: Extensions;
}

/** Certificates in one request: no client is known to ask for more than its chain; each costs a look-up and an answer. */
export const OCSP_REQUESTS_MAX = 64;

/** 64 SHA-512 CertIDs (12 KiB) with a signature and a chain of three RSA-4096 certificates (7 KiB) fit with room to spare. */
export const OCSP_REQUEST_OCTETS_MAX = 32_768;

const NO_EXTENSIONS: Extensions = new Map();

/** Extensions of the whole request that a responder acts on, and so may be critical. */
const UNDERSTOOD = new Set<string>([CE.ocspNonce, CE.ocspResponse, CE.ocspPreferredSignatureAlgorithms]);

/** serviceLocator is for responders that ask others on: where it is critical, it wants what this house does not do. */
const UNDERSTOOD_OF_ONE = new Set<string>();

/**
 * Reads a DER request that fills the input; throws PkiError `ocsp-request-malformed` or `der-malformed`,
 * also for an unknown critical extension (RFC 6960 §4.1.2) and for a nonce of a wrong length (RFC 9654 §2.1).
 */
export function parseOcspRequest(bytes: Uint8Array): OcspRequest {
  if (bytes.length > OCSP_REQUEST_OCTETS_MAX) {
    throw malformed(`${bytes.length} octets, at most ${OCSP_REQUEST_OCTETS_MAX}`);
  }
  const input = new Cursor(bytes);
  const outer = input.into(TAG.sequence);
  input.end();
  const tbsRequest = outer.into(TAG.sequence);
  const signature = outer.intoOptional(context(0));
  outer.end();
  const request = readTbsRequest(tbsRequest);
  if (!signature) return { ...request, signed: false };
  readSignature(signature);
  if (!request.requestorName) throw malformed('signed, but without requestorName (RFC 6960 §4.1.2)');
  return { ...request, signed: true };
}

/** Encodes an unsigned request; `certIds` are encoded CertIDs. */
export function encodeOcspRequest(
  certIds: readonly Uint8Array[],
  extensions: readonly Extension[] = [],
): Buffer {
  const parts = [asn1.sequence(...certIds.map((certId) => asn1.sequence(certId)))];
  if (extensions.length > 0) parts.push(asn1.explicit(2, asn1.sequence(...extensions.map(encodeExtension))));
  return asn1.sequence(asn1.sequence(...parts));
}

function readTbsRequest(tbsRequest: Cursor): Omit<OcspRequest, 'signed'> {
  // v1 is the only version there is, and as the default it is left out in DER (X.690 §11.5).
  if (tbsRequest.peek() === context(0)) throw malformed('version is not v1, which stands by its absence');
  const requestorName = readRequestorName(tbsRequest.intoOptional(context(1)));
  const requests = readRequestList(tbsRequest.into(TAG.sequence));
  const extensions = readExplicitExtensions(tbsRequest, 2);
  tbsRequest.end();
  assertUnderstood(extensions, UNDERSTOOD);
  const nonce = extensions.get(CE.ocspNonce);
  const preferred = extensions.get(CE.ocspPreferredSignatureAlgorithms);
  const responseTypes = extensions.get(CE.ocspResponse);
  if (responseTypes) assertBasicAcceptable(responseTypes);
  return {
    ...(requestorName && { requestorName }),
    requests,
    extensions,
    ...(nonce && { nonce: parseNonce(nonce.value) }),
    preferredSignatureAlgorithms: preferred ? parsePreferredSignatureAlgorithms(preferred.value) : [],
  };
}

/** Basic is the one type of response that there is; who insists on another gets none (RFC 6960 §4.4.3). */
function assertBasicAcceptable({ critical, value }: Extension): void {
  const types = parseAcceptableResponses(value);
  if (critical && !types.includes(PKIX.basicOcspResponse))
    throw malformed(`critical acceptable responses ${types.join(', ')}`);
}

function readRequestorName(wrapper: Cursor | undefined): Buffer | undefined {
  if (!wrapper) return undefined;
  const name = wrapper.next().bytes;
  wrapper.end();
  return name;
}

function readRequestList(list: Cursor): OcspSingleRequest[] {
  const requests: OcspSingleRequest[] = [];
  while (!list.atEnd) {
    if (requests.length === OCSP_REQUESTS_MAX) throw malformed(`more than ${OCSP_REQUESTS_MAX} certificates`);
    const one = list.into(TAG.sequence);
    const certId = readCertId(one);
    const extensions = readExplicitExtensions(one, 0);
    one.end();
    assertUnderstood(extensions, UNDERSTOOD_OF_ONE);
    requests.push({ certId, extensions });
  }
  if (requests.length === 0) throw malformed('no certificate is asked for');
  return requests;
}

function readExplicitExtensions(parent: Cursor, number: number): Extensions {
  const wrapper = parent.intoOptional(context(number));
  if (!wrapper) return NO_EXTENSIONS;
  const extensions = readExtensions(wrapper.into(TAG.sequence));
  wrapper.end();
  return extensions;
}

function assertUnderstood(extensions: Extensions, understood: ReadonlySet<string>): void {
  for (const { oid, critical } of extensions.values()) {
    if (critical && !understood.has(oid)) throw malformed(`critical extension ${oid} is not known here`);
  }
}

/** Signature: looked at only so far that junk is refused. */
function readSignature(wrapper: Cursor): void {
  const signature = wrapper.into(TAG.sequence);
  wrapper.end();
  signature.read(TAG.sequence);
  bitsOf(signature.read(TAG.bitString));
  const certificates = signature.intoOptional(context(0));
  if (certificates) {
    certificates.read(TAG.sequence);
    certificates.end();
  }
  signature.end();
}

function malformed(detail: string): PkiError {
  return new PkiError('ocsp-request-malformed', detail);
}
