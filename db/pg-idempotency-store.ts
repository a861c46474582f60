import type { Transaction } from '../core/transaction.ts';
import type { ApplicationId } from '../ra/application.ts';
import type { Idempotency, IdempotencyStore } from '../ra/idempotency.ts';
import type { OfficerId } from '../ra/officer.ts';
import { pg } from './pg-transaction.ts';

export class PgIdempotencyStore implements IdempotencyStore {
  async take(
    tx: Transaction,
    officerId: OfficerId,
    { key, requestSha256 }: Idempotency,
    resultId: ApplicationId,
    at: Date,
  ): Promise<{ requestSha256: Buffer; resultId: ApplicationId } | undefined> {
    const inserted = await pg(tx).execute({
      text: `insert into idempotency_key (officer_id, key, request_sha256, result_id, created_at)
        values ($1, $2, $3, $4, $5) on conflict (officer_id, key) do nothing`,
      values: [officerId, key, requestSha256, resultId, at],
    });
    if (inserted === 1) return undefined;
    const [row] = await pg(tx).query<{ request_sha256: Buffer; result_id: ApplicationId }>({
      text: 'select request_sha256, result_id from idempotency_key where officer_id = $1 and key = $2',
      values: [officerId, key],
    });
    return { requestSha256: row.request_sha256, resultId: row.result_id };
  }
}
