import { DomainError } from '../../core/errors.ts';
import type { DomainErrorOptions } from '../../core/errors.ts';

export type SignErrorCode =
  'certificate-missing' | 'output-exists' | 'output-unwritable' | 'session-refused' | 'session-ended';

/** A refusal of `mohr sign`. */
export class SignError extends DomainError<SignErrorCode> {
  constructor(code: SignErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'SignError';
  }
}
