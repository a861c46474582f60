import { Pulse } from '../ca/crl/pulse.ts';
import type { Database } from '../db/database.ts';
import { beatStatusHeart } from '../db/pg-status-heartbeat.ts';

/** What replicas know is never older than that plus their lag: see docs/adr/0009-what-a-replica-knows.md. */
const BEAT_MILLISECONDS = 1_000;

/** Writes the heartbeat by which the nodes on replicas know how current they are; the embedded database has no replicas. */
export function startHeartbeat(database: Database): Pulse {
  // A database that is away is noticed by whoever needs it; replicas see the beat missing, which is what they need.
  const work = () => beatStatusHeart(database).catch(() => undefined);
  const pulse = new Pulse({ intervalMilliseconds: BEAT_MILLISECONDS, work });
  pulse.wake();
  return pulse;
}
