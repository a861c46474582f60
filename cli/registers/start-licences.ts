import type { Logger } from 'pino';

import { Pulse } from '../../ca/crl/pulse.ts';
import { errorCode } from '../../core/errors.ts';
import { expireHolds } from '../../ra/holds/expire-holds.ts';
import { followStandings } from '../../ra/licence/keep-certificates-in-line.ts';
import type { LicenceHouse } from '../../ra/licence/licence-house.ts';
import { pollLicenceFeed } from '../../ra/licence/poll-licence-feed.ts';
import type { LicenceFeed } from '../../ra/licence/poll-licence-feed.ts';
import { processLicenceMessages } from '../../ra/licence/process-licence-messages.ts';
import type { WatchJob } from '../watched-jobs.ts';

/** A suspension is to be seen within seconds, also where it is only in the feed. */
const FEED_MILLISECONDS = 3_000;
/** What could not be applied at once. */
const INBOX_MILLISECONDS = 2_000;
/** What was issued at the moment of a suspension, and holds that have run out. */
const SWEEP_MILLISECONDS = 20_000;

/** Starts what follows the Council's messages and the age of holds; resolves with what stops it. */
export function startLicences(
  house: LicenceHouse,
  feed: LicenceFeed | undefined,
  logger: Logger,
  watch: WatchJob,
): { stop(): Promise<void> } {
  let lastFault: string | undefined;
  const poll = async () => {
    try {
      await watch('licence-feed', pollLicenceFeed(house, feed!));
      if (lastFault !== undefined) logger.warn('the licence feed can be read again');
      lastFault = undefined;
    } catch (err) {
      // Said once: a feed that is away for a night does not fill the log.
      const fault = `${errorCode(err)} ${err instanceof Error ? err.message : ''}`;
      if (fault !== lastFault) logger.error({ err }, 'the licence feed cannot be read');
      lastFault = fault;
    }
  };
  const logged = (work: () => Promise<unknown>, what: string) => () =>
    work().catch((err: unknown) => logger.error({ err }, what));
  const pulses = [
    ...(feed ? [new Pulse({ intervalMilliseconds: FEED_MILLISECONDS, work: poll })] : []),
    new Pulse({
      intervalMilliseconds: INBOX_MILLISECONDS,
      work: logged(
        () => watch('licence-messages', processLicenceMessages(house)),
        'licence messages cannot be read',
      ),
    }),
    new Pulse({
      intervalMilliseconds: SWEEP_MILLISECONDS,
      work: logged(() => watch('holds', keepHolds(house)), 'certificates cannot be held against licences'),
    }),
  ];
  for (const pulse of pulses) pulse.wake();
  return {
    stop: async () => {
      for (const pulse of pulses) await pulse.stop();
    },
  };
}

async function keepHolds(house: LicenceHouse): Promise<void> {
  await followStandings(house);
  await expireHolds({ ...house, onHoldFailure: (error) => house.onLicenceFailure(error) });
}
