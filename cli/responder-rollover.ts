import type { Logger } from 'pino';

import type { ResponderRecord } from '../ca/authority/authority-store.ts';
import type { Pulse } from '../ca/crl/pulse.ts';
import { ensureNodeResponders } from '../ca/issue/ensure-node-responders.ts';
import type { NodeResponderHouse } from '../ca/issue/ensure-node-responders.ts';
import { ensureResponders } from '../ca/issue/ensure-responder.ts';
import { SERVICE } from './service-actor.ts';
import type { RunningOcsp } from './start-ocsp.ts';
import { startPulse } from './start-pulse.ts';
import type { WatchJob } from './watched-jobs.ts';

/** Responder certificates are looked at so often that who enrols a node sees it start. */
const ROLLOVER_MILLISECONDS = 3_000;

/**
 * Renews what runs out: OCSP responders get a new certificate a month ahead and change over between two answers. Without a
 * responder in this process, those of nodes only.
 */
export function startRollover(
  house: NodeResponderHouse,
  ids: readonly string[],
  ocsp: Pick<RunningOcsp, 'reloadCredentials'> | undefined,
  logger: Logger,
  watch: WatchJob,
): Pulse {
  const rollOver = async () => {
    // One type of key that cannot be certified keeps nobody from using the others.
    if (ocsp)
      await ensureResponders(house, ids, SERVICE).then(
        (issued) => (issued.length > 0 ? ocsp.reloadCredentials() : undefined),
        (failure: unknown) => ocsp.reloadCredentials().then(() => Promise.reject(failure as Error)),
      );
    const { ofNodes, lastOf } = await ensureNodeResponders(house, ids, SERVICE);
    for (const record of ofNodes) logger.info(named(record), 'responder of a node certified');
    for (const record of lastOf) logger.warn(named(record), 'a node has no key left for its next responder');
  };
  const work = () =>
    watch('responders', rollOver()).catch((err: unknown) =>
      logger.error({ err }, 'responder rollover failed'),
    );
  return startPulse(ROLLOVER_MILLISECONDS, work);
}

function named({ nodeName, authorityId, notAfter }: ResponderRecord) {
  return { node: nodeName, authority: authorityId, notAfter };
}
