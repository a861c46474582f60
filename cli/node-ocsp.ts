import { join } from 'node:path';

import type { Logger } from 'pino';

import { Pulse } from '../ca/crl/pulse.ts';
import type { Clock } from '../core/clock.ts';
import { DomainError } from '../core/errors.ts';
import type { Database } from '../db/database.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import type { KnownAuthority, NodeResponder, PgNodeView } from '../db/pg-node-view.ts';
import { PgOcspStatusSource } from '../db/pg-ocsp-status-source.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { digest } from '../pki/digest-algorithm.ts';
import { certificateExpiries } from './certificate-expiries.ts';
import { KeyStore } from './key-store.ts';
import { openMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { poolMetrics } from './pool-metrics.ts';
import type { NodeRole } from './roles.ts';
import type { Settings } from './settings.ts';
import { startOcsp } from './start-ocsp.ts';
import type { RunningOcsp } from './start-ocsp.ts';
import { statusMetrics } from './status-metrics.ts';
import type { Closers } from './until-stopped.ts';
import { waitFor } from './wait-for.ts';

export interface StatusNodeOptions {
  settings: Settings & { roles: ReadonlySet<NodeRole> };
  opened: OpenedPool;
  clock: Clock;
  logger: Logger;
}

/** A new responder certificate is looked for this often. */
const RESPONDERS_MILLISECONDS = 10_000;
/** The CA certifies the next key a month before the end; five days later something is wrong. */
const OVERDUE_MILLISECONDS = 25 * 86_400_000;
const WARNING_MILLISECONDS = 86_400_000;
/** LISTEN is refused by a replica, and again by a server that is away; polling does meanwhile. */
const LISTEN_MILLISECONDS = 30_000;

/**
 * Starts answering for the CAs that have certified a responder key of this node; waits for the first that does. `reload` takes
 * over what was certified meanwhile.
 */
export async function openNodeOcsp(
  { settings, opened, clock, logger }: StatusNodeOptions,
  database: Database,
  view: PgNodeView,
  closers: Closers,
): Promise<{ ocsp: RunningOcsp; reload: () => Promise<void>; metrics: Metrics }> {
  const keys = await KeyStore.open(join(settings.dataDirectory, 'keys'), settings);
  closers.unshift(() => keys.close());
  const nodeName = settings.nodeName!;
  let known = '';
  const listResponders = async () => {
    const responders = await usableResponders(view, nodeName, clock.now());
    known = fingerprintOf(responders);
    return responders;
  };
  const { ocsp, metrics } = await waitFor(logger, async () => {
    const hosted = answeredFor(nodeName, await view.listAuthorities(), await listResponders());
    // Anew with each attempt: instruments are made on it once.
    const metrics = await openMetrics(settings);
    const ocsp = await startOcsp(
      { ...settings, clock, logger, registry: metrics.registry },
      {
        statuses: new PgOcspStatusSource(database),
        authorities: hosted.map(({ id, certificate }) => ({
          id,
          certificate: parseCertificate(certificate),
        })),
        listResponders,
        keys,
      },
    );
    return { ocsp, metrics };
  });
  poolMetrics(metrics.registry, opened.pool);
  certificateExpiries(metrics.registry, () => ocsp.ownCertificates());
  statusMetrics(metrics.registry, () => ocsp.follower.lastChangeNumber);
  closers.unshift(() => ocsp.close());
  let warnedAt = -Infinity;
  const warnOfEnd = (responders: readonly NodeResponder[]) => {
    const now = clock.now().getTime();
    const ends = endsOf(responders, now + OVERDUE_MILLISECONDS);
    if (ends.length === 0 || now - warnedAt < WARNING_MILLISECONDS) return;
    warnedAt = now;
    logger.warn({ node: nodeName, ends }, 'no CA has certified the next responder key: are any enrolled?');
  };
  const reload = async () => {
    const seen = known;
    const responders = await usableResponders(view, nodeName, clock.now());
    warnOfEnd(responders);
    if (fingerprintOf(responders) === seen) return;
    await ocsp.reloadCredentials();
    logger.info({ node: nodeName }, 'responder certificates taken over');
  };
  const onFault = (err: unknown) => logger.warn({ err }, 'responder certificates cannot be looked for');
  const pulses = [
    new Pulse({ intervalMilliseconds: RESPONDERS_MILLISECONDS, work: () => reload().catch(onFault) }),
    listenPatiently(opened, () => ocsp.follower.wake()),
  ];
  for (const pulse of pulses) {
    closers.unshift(() => pulse.stop());
    pulse.wake();
  }
  return { ocsp, reload, metrics };
}

/** Those of the node that have not expired and whose key is not blocked, newest first. */
async function usableResponders(view: PgNodeView, nodeName: string, now: Date): Promise<NodeResponder[]> {
  const responders = await view.listResponders(nodeName, now);
  const keys = responders.map(({ certificate }) =>
    digest('sha256', parseCertificate(certificate).subjectPublicKeyInfo),
  );
  const blocked = await view.blockedAmong(keys);
  return responders.filter((_, at) => !blocked.some((key) => key.equals(keys[at])));
}

/** The CAs that this node has a responder certificate of; throws DomainError `responder-missing` when there is none. */
function answeredFor(
  nodeName: string,
  authorities: readonly KnownAuthority[],
  responders: readonly NodeResponder[],
): KnownAuthority[] {
  const hosted = authorities.filter(({ id }) => responders.some(({ authorityId }) => authorityId === id));
  if (hosted.length > 0) return hosted;
  throw new DomainError(
    'responder-missing',
    `no CA has certified a responder key of the node ${nodeName}; see \`mohr keys request-responders\``,
  );
}

/** CAs whose newest responder here ends before the instant, and when. */
function endsOf(
  responders: readonly NodeResponder[],
  instant: number,
): { authority: string; notAfter: Date }[] {
  const newest = new Map<string, Date>();
  for (const { authorityId, certificate } of responders) {
    const { notAfter } = parseCertificate(certificate);
    if (notAfter > (newest.get(authorityId) ?? new Date(0))) newest.set(authorityId, notAfter);
  }
  return [...newest]
    .filter(([, notAfter]) => notAfter.getTime() < instant)
    .map(([authority, notAfter]) => ({ authority, notAfter }));
}

function fingerprintOf(responders: readonly NodeResponder[]): string {
  return responders.map(({ certificate }) => certificate.toString('base64')).join();
}

/** Hears of changes at once where the server can tell; whoever does not hear polls. */
function listenPatiently(opened: OpenedPool, heard: () => void): Pulse {
  let listens = false;
  const work = async () => {
    if (listens) return;
    listens = await opened.listen('status_change', heard).then(
      () => true,
      () => false,
    );
  };
  return new Pulse({ intervalMilliseconds: LISTEN_MILLISECONDS, work });
}
