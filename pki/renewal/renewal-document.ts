import { canonicalJson } from '../../core/canonical-json.ts';
import { DomainError } from '../../core/errors.ts';

/** What a holder signs to renew: canonical JSON (RFC 8785) of exactly these members. */
export interface RenewalDocument {
  type: 'mohr-renewal-request';
  /** The certificate that is renewed, and signs this. */
  certificate: { authority: string; serialNumber: string };
  /** PKCS#10 with the new key, DER, base64. */
  certificationRequest: string;
}

/** What they sign with the new certificate, to have the old one revoked. */
export interface AcceptanceDocument {
  type: 'mohr-renewal-acceptance';
  renewal: string;
  /** SHA-256 of the new certificate, hexadecimal. */
  certificateSha256: string;
}

/** A certification request has 16 KiB at most. */
const DOCUMENT_OCTETS_MAX = 32_768;

/** Reads a request; throws DomainError `renewal-document-malformed`, also for the same members in another form. */
export function parseRenewalDocument(bytes: Buffer): RenewalDocument {
  const value = read(bytes) as Partial<RenewalDocument>;
  const { certificate, certificationRequest } = value;
  const isRequest =
    value.type === 'mohr-renewal-request' &&
    typeof certificationRequest === 'string' &&
    /^[a-z][a-z0-9-]{0,40}$/.test(String(certificate?.authority)) &&
    /^([0-9a-f]{2}){8,20}$/.test(String(certificate?.serialNumber));
  if (!isRequest) throw malformed('it is no renewal request');
  const { authority, serialNumber } = certificate!;
  return exactly(bytes, {
    type: 'mohr-renewal-request',
    certificate: { authority, serialNumber },
    certificationRequest,
  });
}

/** Reads an acceptance; throws as above. */
export function parseAcceptanceDocument(bytes: Buffer): AcceptanceDocument {
  const { type, renewal, certificateSha256 } = read(bytes) as Partial<AcceptanceDocument>;
  if (
    type !== 'mohr-renewal-acceptance' ||
    typeof renewal !== 'string' ||
    !/^[0-9a-f]{64}$/.test(String(certificateSha256))
  )
    throw malformed('it is no acceptance of a renewal');
  return exactly(bytes, { type, renewal, certificateSha256: certificateSha256! });
}

function read(bytes: Buffer): object {
  if (bytes.length > DOCUMENT_OCTETS_MAX)
    throw malformed(`it has ${bytes.length} octets; allowed are ${DOCUMENT_OCTETS_MAX}`);
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // What the parser says repeats what it has read.
  }
  throw malformed('it is no JSON object in UTF-8');
}

/** Nothing else was signed: other members, another order or other spaces would be another text. */
function exactly<Document extends object>(bytes: Buffer, document: Document): Document {
  if (Buffer.from(canonicalJson(document)).equals(bytes)) return document;
  throw malformed('it is not the canonical form (RFC 8785) of these members');
}

function malformed(detail: string): DomainError {
  return new DomainError('renewal-document-malformed', detail);
}
