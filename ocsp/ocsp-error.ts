import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type OcspErrorCode =
  /** The status source did not answer. */
  | 'status-source-failed'
  /** What the source tells does not continue what it told before: a gap, or a history that was rolled back. */
  | 'status-history-broken'
  /** A responder's certificate does not authorize its key to answer for the authority. */
  | 'responder-not-authorized'
  /** No responder certificate of the authority is valid now. */
  | 'responder-not-valid'
  | 'authority-unknown'
  /** More signatures are asked of the keys than they make. */
  | 'overloaded'
  | 'setting-out-of-range';

/** A refusal by the OCSP responder; what clients see of it is an OCSPResponseStatus. */
export class OcspError extends DomainError<OcspErrorCode> {
  constructor(code: OcspErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'OcspError';
  }
}
