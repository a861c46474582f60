import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type AuditErrorCode =
  | 'proof-wrong'
  | 'proof-not-available'
  | 'tree-size'
  | 'note-malformed'
  | 'note-signature'
  | 'checkpoint-malformed'
  | 'checkpoint-contradicts'
  | 'leaf-malformed'
  | 'log-forked'
  | 'log-behind'
  | 'tile-malformed'
  | 'witness-list'
  | 'witness-refused'
  | 'witness-unreachable'
  | 'replay-impossible';

/** A refusal of the log, its proofs or its witnesses. */
export class AuditError extends DomainError<AuditErrorCode> {
  constructor(code: AuditErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'AuditError';
  }
}
