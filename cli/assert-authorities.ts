import { DomainError } from '../core/errors.ts';
import type { Stores } from './stores.ts';

/** Throws DomainError `authority-missing` before the first ceremony. */
export async function assertAuthorities({
  database,
  authorities,
}: Pick<Stores, 'database' | 'authorities'>): Promise<void> {
  const known = await database.transaction((tx) => authorities.listAuthorities(tx));
  if (known.length === 0)
    throw new DomainError('authority-missing', 'no CA is recorded in the database yet: run a ceremony first');
}
