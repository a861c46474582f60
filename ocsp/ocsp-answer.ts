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
  /**
   * Present on an answer that is right for the same octets again: its maxAgeSeconds at that moment, or -1 when it does not
   * stand any more and the request has to be answered anew.
   */
  maxAgeAgain?: () => number;
  /** When to come back, on tryLater. */
  retryAfterSeconds?: number;
  /** The tryLater of a node that knows the status and has too much to do: another node may have less. */
  isOverloaded?: true;
}

/** A node that lost its source or its key is back, or out of rotation, after this. */
const RETRY_AFTER_SECONDS = 30;
/** Who is turned away by a node that has too much to do finds room again soon. */
const RETRY_WHEN_OVERLOADED_SECONDS = 1;

function errorAnswer(status: OcspErrorStatus): OcspAnswer {
  return { status, body: encodeOcspError(status) };
}

export const ERROR_ANSWERS = {
  malformedRequest: errorAnswer('malformedRequest'),
  internalError: errorAnswer('internalError'),
  tryLater: { ...errorAnswer('tryLater'), retryAfterSeconds: RETRY_AFTER_SECONDS },
  unauthorized: errorAnswer('unauthorized'),
} as const;

/** More is asked than can be signed in time. */
export const OVERLOADED_ANSWER: OcspAnswer = {
  ...errorAnswer('tryLater'),
  retryAfterSeconds: RETRY_WHEN_OVERLOADED_SECONDS,
  isOverloaded: true,
};
