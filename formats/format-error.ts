import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type FormatErrorCode =
  'pdf-malformed' | 'pdf-encrypted' | 'xml-malformed' | 'jws-malformed' | 'container-malformed';

/** A document that cannot be read as the format that it says to be, or that asks for more than one document may. */
export class FormatError extends DomainError<FormatErrorCode> {
  constructor(code: FormatErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'FormatError';
  }
}
