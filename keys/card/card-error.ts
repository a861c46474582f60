import { DomainError } from '../../core/errors.ts';
import type { DomainErrorOptions } from '../../core/errors.ts';

export type CardErrorCode =
  | 'card-module-missing'
  | 'card-types-malformed'
  | 'card-absent'
  | 'card-ambiguous'
  | 'card-pulled'
  | 'card-blank'
  | 'card-unknown-type'
  | 'card-cannot'
  | 'card-full'
  | 'card-busy'
  | 'card-failed'
  | 'pin-wrong'
  | 'pin-length'
  | 'pin-locked'
  | 'pin-cancelled'
  | 'puk-wrong'
  | 'puk-locked'
  | 'key-exists'
  | 'key-not-found'
  | 'key-exportable'
  | 'key-mismatch'
  | 'certificate-foreign'
  | 'certificate-not-found'
  | 'read-back-differs';

/** A refusal of a card, or of what stands between; neither detail nor context ever holds a PIN. */
export class CardError extends DomainError<CardErrorCode> {
  constructor(code: CardErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'CardError';
  }
}
