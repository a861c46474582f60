import * as asn1 from './der/encode.ts';
import { openWhole } from './der/decode.ts';
import type { Cursor } from './der/decode.ts';
import { TAG, context } from './der/tag.ts';
import { bitsOf, numberOf, octetsOf, oidOf, timeOf } from './der/values.ts';
import { parseCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { explicitExtensions, readExtensions } from './extension.ts';
import type { Extension, Extensions } from './extension.ts';
import { parseName } from './name.ts';
import type { Name } from './name.ts';
import { readSingleResponse } from './ocsp-single-response.ts';
import type { OcspSingleResponse } from './ocsp-single-response.ts';
import { PKIX } from './oid.ts';
import { PkiError } from './pki-error.ts';

/** OCSPResponseStatus (RFC 6960 §4.2.1). */
export const OCSP_RESPONSE_STATUSES = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const;

export type OcspResponseStatus = keyof typeof OCSP_RESPONSE_STATUSES;
export type OcspErrorStatus = Exclude<OcspResponseStatus, 'successful'>;

export type ResponderId = { kind: 'byName'; name: Name } | { kind: 'byKey'; keyHash: Buffer };

/** A BasicOCSPResponse as read; what is signed is kept as its own octets. */
export interface BasicOcspResponse {
  tbsResponseData: Buffer;
  responderId: ResponderId;
  producedAt: Date;
  responses: OcspSingleResponse[];
  extensions: Extensions;
  /** AlgorithmIdentifier. */
  signatureAlgorithm: Buffer;
  signature: Buffer;
  certificates: Certificate[];
}

export type OcspResponse = ({ status: 'successful' } & BasicOcspResponse) | { status: OcspErrorStatus };

/** A response with as many certificates as a request may ask for, each with a chain, stays below this. */
export const OCSP_RESPONSE_OCTETS_MAX = 131_072;
const SINGLE_RESPONSES_MAX = 1024;
const CERTIFICATES_MAX = 16;

/** An OCSPResponse that says only why there is no answer. */
export function encodeOcspError(status: OcspErrorStatus): Buffer {
  return asn1.sequence(asn1.enumerated(OCSP_RESPONSE_STATUSES[status]));
}

/** ResponseData with the responder named by its key (RFC 6960 §4.2.1); `responses` are encoded SingleResponses. */
export function encodeResponseData(fields: {
  /** SHA-1 of the responder's key, as `keyIdentifier` makes it. */
  responderKeyHash: Uint8Array;
  producedAt: Date;
  responses: readonly Uint8Array[];
  extensions: readonly Extension[];
}): Buffer {
  const { responderKeyHash, producedAt, responses, extensions } = fields;
  const contents: (Uint8Array | asn1.Tree)[] = [
    { tag: context(2), contents: [{ tag: TAG.octetString, contents: [responderKeyHash] }] },
    asn1.generalizedTime(producedAt),
    { tag: TAG.sequence, contents: responses },
  ];
  if (extensions.length > 0) contents.push(explicitExtensions(1, extensions));
  return asn1.tree({ tag: TAG.sequence, contents });
}

/** A successful OCSPResponse over signed ResponseData; without certificates when the issuer itself signed. */
export function encodeOcspResponse(fields: {
  tbsResponseData: Uint8Array;
  signatureAlgorithm: Uint8Array;
  signature: Uint8Array;
  /** DER certificates that lead to the issuer, the responder's first. */
  certificates: readonly Uint8Array[];
}): Buffer {
  const { tbsResponseData, signatureAlgorithm, signature, certificates } = fields;
  const basic: (Uint8Array | asn1.Tree)[] = [
    tbsResponseData,
    signatureAlgorithm,
    { tag: TAG.bitString, contents: [NO_UNUSED_BITS, signature] },
  ];
  if (certificates.length > 0)
    basic.push({ tag: context(0), contents: [{ tag: TAG.sequence, contents: certificates }] });
  // OCSPResponse { successful, [0] ResponseBytes { id-pkix-ocsp-basic, OCTET STRING { BasicOCSPResponse } } }.
  const octets = { tag: TAG.octetString, contents: [{ tag: TAG.sequence, contents: basic }] };
  const responseBytes = { tag: TAG.sequence, contents: [BASIC, octets] };
  const contents = [SUCCESSFUL, { tag: context(0), contents: [responseBytes] }];
  return asn1.tree({ tag: TAG.sequence, contents });
}

const SUCCESSFUL = asn1.enumerated(OCSP_RESPONSE_STATUSES.successful);
const BASIC = asn1.oid(PKIX.basicOcspResponse);
const NO_UNUSED_BITS = Buffer.from([0]);

/**
 * Reads an OCSPResponse that fills the input, ours or another's (BER is let through: the signature covers the octets
 * as they are). Throws PkiError `ocsp-response-malformed` or that of the part that cannot be read.
 */
export function parseOcspResponse(bytes: Uint8Array): OcspResponse {
  assertSize(bytes);
  const outer = openWhole(bytes, TAG.sequence, 'ber');
  const status = statusOf(numberOf(outer.read(TAG.enumerated)));
  const wrapper = outer.intoOptional(context(0));
  outer.end();
  if (status !== 'successful') return { status };
  if (!wrapper) throw malformed('successful, but without responseBytes');
  const responseBytes = wrapper.into(TAG.sequence);
  wrapper.end();
  const type = oidOf(responseBytes.read(TAG.oid));
  if (type !== PKIX.basicOcspResponse) throw malformed(`response type ${type}`);
  const basic = octetsOf(responseBytes.next());
  responseBytes.end();
  return { status, ...parseBasicOcspResponse(basic) };
}

/** Reads a BasicOCSPResponse by itself, as CAdES revocation-values carry it (ETSI EN 319 122-1 §A.1.2.2). */
export function parseBasicOcspResponse(bytes: Uint8Array): BasicOcspResponse {
  assertSize(bytes);
  const fields = openWhole(bytes, TAG.sequence, 'ber');
  const tbs = fields.read(TAG.sequence);
  const signatureAlgorithm = fields.read(TAG.sequence).bytes;
  const signature = bitsOf(fields.read(TAG.bitString)).bytes;
  const wrapper = fields.intoOptional(context(0));
  const certificates = wrapper ? readList(wrapper.into(TAG.sequence), CERTIFICATES_MAX, readCertificate) : [];
  fields.end();
  return {
    tbsResponseData: tbs.bytes,
    ...readResponseData(fields.open(tbs)),
    signatureAlgorithm,
    signature,
    certificates,
  };
}

type ResponseData = Pick<BasicOcspResponse, 'responderId' | 'producedAt' | 'responses' | 'extensions'>;

function readResponseData(data: Cursor): ResponseData {
  const version = data.intoOptional(context(0));
  if (version && numberOf(version.read(TAG.integer)) !== 0) throw malformed('version is not v1');
  const responderId = readResponderId(data);
  const producedAt = timeOf(data.read(TAG.generalizedTime));
  const responses = readList(data.into(TAG.sequence), SINGLE_RESPONSES_MAX, (list) =>
    readSingleResponse(list.into(TAG.sequence)),
  );
  const wrapper = data.intoOptional(context(1));
  const extensions: Extensions = wrapper ? readExtensions(wrapper.into(TAG.sequence)) : new Map();
  data.end();
  return { responderId, producedAt, responses, extensions };
}

function readResponderId(data: Cursor): ResponderId {
  const byName = data.intoOptional(context(1));
  if (byName) return { kind: 'byName', name: parseName(byName.read(TAG.sequence).bytes, 'ber') };
  const byKey = data.into(context(2));
  return { kind: 'byKey', keyHash: octetsOf(byKey.next()) };
}

function readCertificate(list: Cursor): Certificate {
  return parseCertificate(list.read(TAG.sequence).bytes);
}

function readList<Item>(list: Cursor, itemsMax: number, read: (list: Cursor) => Item): Item[] {
  const items: Item[] = [];
  while (!list.atEnd) {
    if (items.length === itemsMax) throw malformed(`a list of more than ${itemsMax}`);
    items.push(read(list));
  }
  return items;
}

function statusOf(code: number): OcspResponseStatus {
  const found = Object.entries(OCSP_RESPONSE_STATUSES).find(([, value]) => value === code);
  if (!found) throw malformed(`response status ${code}`);
  return found[0] as OcspResponseStatus;
}

function assertSize(bytes: Uint8Array): void {
  if (bytes.length <= OCSP_RESPONSE_OCTETS_MAX) return;
  throw malformed(`${bytes.length} octets, at most ${OCSP_RESPONSE_OCTETS_MAX}`);
}

function malformed(detail: string): PkiError {
  return new PkiError('ocsp-response-malformed', detail);
}
