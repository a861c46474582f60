import { DomainError } from '../../core/errors.ts';
import type { DomainErrorOptions } from '../../core/errors.ts';

/**
 * Error codes of the CSC API and of the OAuth 2.0 texts that it takes them from.
 * @see CSC API v2.0.0.2 §10.2 and the tables of §11; RFC 6749 §4.1.2.1, RFC 6750 §3.1
 */
export type CscErrorCode =
  | 'invalid_request'
  | 'invalid_authentication_data'
  | 'invalid_token'
  | 'unauthorized_client'
  | 'access_denied'
  | 'temporarily_unavailable'
  | 'not_implemented';

/** A refusal in the words of the CSC API: the code is its `error`, the detail its `error_description`. */
export class CscError extends DomainError<CscErrorCode> {
  constructor(code: CscErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'CscError';
  }
}

/** `Invalid parameter …`, as the tables of the specification write it. */
export function invalidParameter(
  name: string,
  options?: DomainErrorOptions,
  how = 'Invalid parameter',
): CscError {
  return new CscError('invalid_request', `${how} ${name}`, options);
}
