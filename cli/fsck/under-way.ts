import type { Clock } from '../../core/clock.ts';
import type { Settings } from '../settings.ts';

/** Somebody else may be at work on younger ones: an issuance takes milliseconds, an HSM that is away a little longer. */
const SETTLED_MILLISECONDS = 60_000;

/** Whether something that is open since a moment may be about to be completed, by a service that runs. */
export type IsUnderWay = (since: Date) => boolean;

/** Beside an embedded database nobody runs; and what claims to begin in a while is not under way. */
export function underWayBeside({ databaseUrl }: Pick<Settings, 'databaseUrl'>, clock: Clock): IsUnderWay {
  if (databaseUrl === undefined) return () => false;
  return (since) => Math.abs(clock.now().getTime() - since.getTime()) <= SETTLED_MILLISECONDS;
}
