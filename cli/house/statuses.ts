import type { Clock } from '../../core/clock.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { ensureResponders } from '../../ca/issue/ensure-responder.ts';
import type { CrlCache } from '../../ca/crl/crl-cache.ts';
import { followCrls } from '../follow-crls.ts';
import { startRollover } from '../responder-rollover.ts';
import { SERVICE } from '../service-actor.ts';
import { startCrls } from '../start-crls.ts';
import { startHeartbeat } from '../start-heartbeat.ts';
import { startOcsp } from '../start-ocsp.ts';
import type { OcspSources, RunningOcsp } from '../start-ocsp.ts';
import { statusMetrics } from '../status-metrics.ts';
import type { CertificationHere } from './certification.ts';
import type { Ground } from './ground.ts';

/** What tells statuses in this process. */
export interface Statuses {
  ocsp: RunningOcsp;
  crls: { cache: CrlCache };
}

/** Loads every status, issues the CRLs that are due, and follows the history from then on. */
export async function openStatuses(ground: Ground, certification: CertificationHere): Promise<Statuses> {
  const { options, stores } = ground;
  const { hierarchy, responders, issuingIds } = certification;
  await ensureResponders(responders, issuingIds, SERVICE);
  const ocsp = await openOcsp(ground, [...hierarchy.issuing.values()], (now) =>
    stores.database.transaction((tx) => stores.authorities.listResponders(tx, now)),
  );
  const crls = await openCrls(ground, certification);
  await options.opened.listen('status_change', () => {
    ocsp.follower.wake();
    crls.wake();
  });
  rollOver(ground, certification, ocsp);
  return { ocsp, crls };
}

/** What a process with the keys of the CAs owes to others that tell statuses: CRLs, heartbeat, certificates of nodes. */
export async function openStatusDuties(ground: Ground, certification: CertificationHere): Promise<void> {
  const crls = await openCrls(ground, certification);
  await ground.options.opened.listen('status_change', () => crls.wake());
  rollOver(ground, certification);
}

/** Follows what other processes tell: this one answers for no CA, and serves the CRLs that it finds. */
export async function followStatuses(ground: Ground): Promise<Statuses> {
  const { options, stores, closers } = ground;
  const ocsp = await openOcsp(ground, [], async () => []);
  await options.opened.listen('status_change', () => ocsp.follower.wake());
  return { ocsp, crls: { cache: await followCrls(options.logger, stores.database, closers) } };
}

async function openOcsp(
  { options, keys, stores, metrics, closers }: Ground,
  authorities: readonly { id: string; certificate: Certificate }[],
  listResponders: (now: ReturnType<Clock['now']>) => ReturnType<OcspSources['listResponders']>,
): Promise<RunningOcsp> {
  const { registry } = metrics;
  const ocsp = await startOcsp(
    { ...options, registry },
    {
      statuses: stores.ocspStatuses,
      authorities,
      listResponders: () => listResponders(options.clock.now()),
      keys,
    },
  );
  closers.unshift(() => ocsp.close());
  statusMetrics(registry, () => ocsp.follower.lastChangeNumber);
  return ocsp;
}

async function openCrls(
  { options, stores, base, metrics, watch, closers }: Ground,
  { hierarchy }: Pick<CertificationHere, 'hierarchy'>,
) {
  const { registry } = metrics;
  const crls = await startCrls({ ...options, profiles: base.profiles, registry }, stores, hierarchy);
  closers.unshift(() => crls.close());
  if (options.opened.mayHaveReplicas) {
    const heartbeat = startHeartbeat(stores.database, watch);
    closers.unshift(() => heartbeat.stop());
  }
  return crls;
}

function rollOver(
  { options, watch, closers }: Ground,
  { responders, issuingIds }: CertificationHere,
  ocsp?: RunningOcsp,
): void {
  const rollover = startRollover(responders, issuingIds, ocsp, options.logger, watch);
  closers.unshift(() => rollover.stop());
}
