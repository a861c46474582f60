import type { Database } from './database.ts';

/** Writes the time of the database where its replicas will see it, after everything that was committed before. */
export async function beatStatusHeart(database: Database): Promise<void> {
  await database.query({
    name: 'status-heartbeat',
    text: 'update status_heartbeat set beat_at = clock_timestamp()',
  });
}
