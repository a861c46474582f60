import { DomainError } from '../../core/errors.ts';
import { PkiError } from '../../pki/pki-error.ts';
import {
  CERTIFICATION_REQUEST_OCTETS_MAX,
  parseCertificationRequest,
} from '../../pki/certification-request.ts';

/** Lines of 64 characters, as OpenSSL reads without being told; with CRLF, which RFC 2045 wants and RFC 4648 does not mind. */
const LINE = /.{1,64}/g;

/** Twice the octets hold base64 with a line break after every character that a client could mean. */
export const EST_BODY_CHARACTERS_MAX = 3 * CERTIFICATION_REQUEST_OCTETS_MAX;

/** A body as RFC 8951 §3.1 has it: base64 whatever its Content-Transfer-Encoding says. */
export function encodeEst(octets: Uint8Array): string {
  const lines = Buffer.from(octets).toString('base64').match(LINE) ?? [];
  return `${lines.join('\r\n')}\r\n`;
}

/**
 * The PKCS#10 of a body: base64 with line breaks of any kind or none (RFC 8951 §3.1). Throws DomainError
 * `enrolment-request-malformed`, also for one whose signature its own key did not make.
 */
export function readEstRequest(body: unknown): Buffer {
  const text = typeof body === 'string' ? body.replaceAll(/[ \t\r\n]+/g, '') : '';
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0)
    throw malformed('the body is no base64');
  const der = Buffer.from(text, 'base64');
  try {
    return parseCertificationRequest(der).bytes;
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw malformed(cause.detail, cause);
  }
}

function malformed(detail: string, cause?: unknown): DomainError {
  return new DomainError('enrolment-request-malformed', detail, { cause });
}
