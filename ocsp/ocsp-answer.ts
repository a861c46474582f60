import { encodeOcspError } from '../pki/ocsp-response.ts';
import type { OcspErrorStatus, OcspResponseStatus } from '../pki/ocsp-response.ts';

/** What a cache in front may know of an answer (RFC 5019 §6.2). */
export interface Cacheable {
  producedAt: Date;
  thisUpdate: Date;
  nextUpdate: Date;
  /** Hexadecimal SHA-1 of the body, as RFC 5019 §6.2 recommends; without quotes. */
  etag: string;
  /** Whole seconds from now to nextUpdate. */
  maxAgeSeconds: number;
  /**
   * Whether a copy may be called unmodified by date alone. Dates have whole seconds: a copy that says `good` may be of the
   * same second as the revocation, so an answer that says `revoked` is compared by its etag only.
   */
  comparableByDate: boolean;
}

export interface OcspAnswer {
  /** OCSPResponse, DER. */
  body: Buffer;
  status: OcspResponseStatus;
  /** Absent where no copy may be kept: errors, nonces, several certificates, and those that were never issued. */
  cacheable?: Cacheable;
}

function errorAnswer(status: OcspErrorStatus): OcspAnswer {
  return { status, body: encodeOcspError(status) };
}

export const ERROR_ANSWERS = {
  malformedRequest: errorAnswer('malformedRequest'),
  internalError: errorAnswer('internalError'),
  tryLater: errorAnswer('tryLater'),
  unauthorized: errorAnswer('unauthorized'),
} as const;
