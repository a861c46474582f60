import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type ValidationErrorCode =
  | 'received-at-in-future'
  | 'received-at-malformed'
  | 'algorithm-policy-malformed'
  | 'validation-policy-malformed'
  | 'work-limit-exceeded'
  | 'report-malformed'
  | 'batch-line-malformed'
  | 'batch-too-long'
  | 'batch-under-way'
  | 'kept-verdict-unknown'
  | 'kept-verdict-damaged'
  | 'kept-verdicts-full';

/** A request for validation that cannot be answered by a verdict. */
export class ValidationError extends DomainError<ValidationErrorCode> {
  constructor(code: ValidationErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'ValidationError';
  }
}
