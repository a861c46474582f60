import { startCrls } from '../start-crls.ts';
import { startHeartbeat } from '../start-heartbeat.ts';
import { startOcsp } from '../start-ocsp.ts';
import { statusMetrics } from '../status-metrics.ts';
import type { Certification } from './certification.ts';
import type { Ground } from './ground.ts';

/** What tells statuses in this process. */
export type Statuses = Awaited<ReturnType<typeof openStatuses>>;

/** Loads every status, issues the CRLs that are due, and follows the history from then on. */
export async function openStatuses(
  { options, keys, stores, base, metrics, watch, closers }: Ground,
  { hierarchy }: Pick<Certification, 'hierarchy'>,
) {
  const { opened, clock } = options;
  const { registry } = metrics;
  const ocsp = await startOcsp(
    { ...options, registry },
    {
      statuses: stores.ocspStatuses,
      authorities: [...hierarchy.issuing.values()],
      listResponders: () =>
        stores.database.transaction((tx) => stores.authorities.listResponders(tx, clock.now())),
      keys,
    },
  );
  closers.unshift(() => ocsp.close());
  statusMetrics(registry, () => ocsp.follower.lastChangeNumber);
  const crls = await startCrls({ ...options, profiles: base.profiles, registry }, stores, hierarchy);
  closers.unshift(() => crls.close());
  await opened.listen('status_change', () => {
    ocsp.follower.wake();
    crls.wake();
  });
  if (opened.mayHaveReplicas) {
    const heartbeat = startHeartbeat(stores.database, watch);
    closers.unshift(() => heartbeat.stop());
  }
  return { ocsp, crls };
}
