import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type PkiErrorCode =
  | 'der-malformed'
  | 'name-malformed'
  | 'certificate-malformed'
  | 'certification-request-malformed'
  | 'certification-request-signature'
  | 'crl-malformed'
  | 'ocsp-request-malformed'
  | 'ocsp-response-malformed'
  | 'cms-malformed'
  | 'time-stamp-malformed'
  | 'algorithm-unsupported'
  | 'key-malformed'
  | 'approval-malformed'
  | 'attestation-malformed';

/** A refusal while reading or writing PKIX structures. */
export class PkiError extends DomainError<PkiErrorCode> {
  constructor(code: PkiErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'PkiError';
  }
}
