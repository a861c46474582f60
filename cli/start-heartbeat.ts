import { Pulse } from '../ca/crl/pulse.ts';
import type { Database } from '../db/database.ts';
import { beatStatusHeart } from '../db/pg-status-heartbeat.ts';
import type { WatchJob } from './watched-jobs.ts';

/** What replicas know is never older than that plus their lag: see docs/adr/0009-what-a-replica-knows.md. */
const BEAT_MILLISECONDS = 1_000;

/** Writes the heartbeat by which the nodes on replicas know how current they are; the embedded database has no replicas. */
export function startHeartbeat(database: Database, watch: WatchJob): Pulse {
  // A database that is away is noticed by whoever needs it; replicas see the beat missing, which is what they need.
  const work = () => watch('heartbeat', beatStatusHeart(database)).catch(() => undefined);
  const pulse = new Pulse({ intervalMilliseconds: BEAT_MILLISECONDS, work });
  pulse.wake();
  return pulse;
}
