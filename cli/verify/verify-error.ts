import { DomainError } from '../../core/errors.ts';
import type { DomainErrorOptions } from '../../core/errors.ts';

export type VerifyErrorCode =
  | 'file-unreadable'
  | 'file-too-large'
  | 'nothing-to-verify'
  | 'results-exist'
  | 'results-malformed'
  | 'results-unwritable'
  | 'trust-unreadable';

/** A refusal of `mohr verify`. */
export class VerifyError extends DomainError<VerifyErrorCode> {
  constructor(code: VerifyErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'VerifyError';
  }
}
