import type { Logger } from 'pino';

import type { Clock } from '../core/clock.ts';
import type { KeptVerdictStore } from '../validation/kept/kept-verdict.ts';
import { startPulse } from './start-pulse.ts';

/** Their time is in days, and what is over is not shown meanwhile. */
const PRUNING_MILLISECONDS = 3_600_000;

/** Deletes kept verdicts whose time is over, every hour; any number of processes may do so at once. */
export function pruneKeptVerdicts(
  { keptVerdicts }: { keptVerdicts: KeptVerdictStore },
  { clock, logger }: { clock: Clock; logger: Logger },
): ReturnType<typeof startPulse> {
  return startPulse(PRUNING_MILLISECONDS, () =>
    keptVerdicts.prune(clock.now()).then(
      (deleted) => void (deleted > 0 && logger.info({ deleted }, 'kept verdicts deleted')),
      (err: unknown) => logger.error({ err }, 'kept verdicts cannot be deleted'),
    ),
  );
}
