import type { Transaction } from '../core/transaction.ts';
import type { ApplicationId } from './application.ts';
import type { Officer, OfficerId } from './officer.ts';
import { RaError } from './ra-error.ts';

/** A form's own key, and what it was sent with. */
export interface Idempotency {
  key: string;
  requestSha256: Buffer;
}

export interface IdempotencyStore {
  /**
   * Undefined when the officer's key is new, and now taken for the result; else what it was taken for. Of two who come with one
   * key at once the second waits for the first.
   */
  take(
    tx: Transaction,
    officerId: OfficerId,
    idempotency: Idempotency,
    resultId: ApplicationId,
    at: Date,
  ): Promise<{ requestSha256: Buffer; resultId: ApplicationId } | undefined>;
}

/**
 * The id that an earlier sending of the same form has got; undefined for the first, or without a key. Throws RaError
 * `idempotency-key-reused` when the key came with another form.
 */
export async function onceForKey(
  store: IdempotencyStore,
  tx: Transaction,
  officer: Officer,
  idempotency: Idempotency | undefined,
  resultId: ApplicationId,
  at: Date,
): Promise<ApplicationId | undefined> {
  const known = idempotency && (await store.take(tx, officer.id, idempotency, resultId, at));
  if (known && !known.requestSha256.equals(idempotency.requestSha256))
    throw new RaError('idempotency-key-reused', 'this Idempotency-Key was sent with another form');
  return known?.resultId;
}
