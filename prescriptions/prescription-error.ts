import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type PrescriptionErrorCode = 'document-unreadable';

/** A document that two readers could read differently, or that is no prescription. */
export class PrescriptionError extends DomainError<PrescriptionErrorCode> {
  constructor(code: PrescriptionErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'PrescriptionError';
  }
}
