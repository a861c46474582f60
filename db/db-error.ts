import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type DbErrorCode =
  | 'database-unreachable'
  | 'data-directory-in-use'
  | 'data-directory-unusable'
  | 'schema-too-new'
  | 'migration-blocked'
  | 'log-damaged';

/** The database cannot be had. */
export class DbError extends DomainError<DbErrorCode> {
  constructor(code: DbErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'DbError';
  }
}
