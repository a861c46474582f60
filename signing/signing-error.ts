import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type SigningErrorCode = 'signer-certificate-mismatch';

/** A refusal to sign. */
export class SigningError extends DomainError<SigningErrorCode> {
  constructor(code: SigningErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'SigningError';
  }
}
