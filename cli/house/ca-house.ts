import type { StatusServices } from '../../api/status-app.ts';
import { answerRequests } from '../../ca/requests/answer-requests.ts';
import { attestationIn } from '../../ca/approval/issuance-authorization.ts';
import { parseAskedIssuance } from '../../ca/requests/issuance-text.ts';
import { checkedTimeStamper } from '../../signing/checked-time-stamper.ts';
import { assertAuthorities } from '../assert-authorities.ts';
import { HttpTimeStamper } from '../augmentation/http-time-stamper.ts';
import { SERVICE } from '../service-actor.ts';
import { startPulse } from '../start-pulse.ts';
import type { Closers } from '../until-stopped.ts';
import { waitFor } from '../wait-for.ts';
import { openCertification } from './certification.ts';
import type { CertificationHere } from './certification.ts';
import { layGround } from './ground.ts';
import type { Ground } from './ground.ts';
import type { HouseOptions } from './house-options.ts';
import { openOwnLog } from './log-of-house.ts';
import { openStatusDuties } from './statuses.ts';

/** A notification may be missed while the connection for it is away. */
const REQUESTS_MILLISECONDS = 500;
/** Requests answered at once; each holds a connection and needs another, of the ten of a pool. */
const LANES = 3;
/** What another process that died has left open: as old as no request gets, and looked for this often. */
const ABANDONED_MILLISECONDS = 60_000;
const ABANDONED_AFTER_MILLISECONDS = 120_000;
/** Answers are read within seconds; they are kept for whoever looks into what went wrong. */
const KEPT_MILLISECONDS = 3_600_000;

export interface CaHouse {
  services: StatusServices;
  /** Where the process records what it does by itself. */
  records: Pick<Ground['base'], 'audit' | 'transactions' | 'clock'>;
}

/**
 * Opens the process that has the keys of the CAs and of the log, and serves nobody: it issues what registration authorities ask,
 * CRLs, and certificates of OCSP nodes, and orders and signs the log. Waits for the first ceremony.
 */
export async function openCaHouse(options: HouseOptions, closers: Closers): Promise<CaHouse> {
  const ground = await layGround(options, closers);
  const { stores, metrics } = ground;
  await waitFor(options.logger, () => assertAuthorities(stores));
  const certification = await openCertification(ground, async (origin) => {
    const content = await stores.issuanceRequests.openContent(origin);
    return content === undefined
      ? undefined
      : attestationIn(parseAskedIssuance(content).request.authorization);
  });
  await openStatusDuties(ground, certification);
  await startAnswering(ground, certification);
  await startLog(ground);
  const services = {
    clock: options.clock,
    metrics: metrics.endpoint,
    readiness: {
      database: async () => void (await stores.database.query({ text: 'select 1' })),
      keys: async () => {
        for (const id of certification.issuingIds) await certification.assertSigns(id);
      },
    },
  };
  return { services, records: ground.base };
}

/** Who reads the log elsewhere says when somebody waits for a checkpoint. */
async function startLog(ground: Ground): Promise<void> {
  const { opened, tsaUrl } = ground.options;
  const stamper = tsaUrl === undefined ? undefined : checkedTimeStamper(new HttpTimeStamper(tsaUrl));
  const log = await openOwnLog(ground, stamper && ((hash) => stamper.stamp('sha256', hash)));
  await opened.listen('log_wanted', () => log.hurry());
}

async function startAnswering(
  { options, stores, base, interrupted, closers }: Ground,
  { issuer, assertSigns }: CertificationHere,
): Promise<void> {
  const { clock, logger } = options;
  const house = {
    ...base,
    issuer,
    assertSigns,
    queue: stores.issuanceRequests,
    onFailure: ({ kind, authorityId }: { kind: string; authorityId: string }, err: unknown) =>
      logger.error({ err, kind, authority: authorityId }, 'a request cannot be granted now'),
  };
  const lanes = Array.from({ length: LANES }, () =>
    startPulse(REQUESTS_MILLISECONDS, () =>
      answerRequests(house).catch((err: unknown) => logger.error({ err }, 'requests cannot be read')),
    ),
  );
  const abandoned = startPulse(ABANDONED_MILLISECONDS, async () => {
    const now = clock.now().getTime();
    await interrupted.resumeAll(issuer, SERVICE, new Date(now - ABANDONED_AFTER_MILLISECONDS));
    await stores.issuanceRequests
      .prune(new Date(now - KEPT_MILLISECONDS))
      .catch((err: unknown) => logger.error({ err }, 'old requests cannot be forgotten'));
  });
  closers.unshift(() => Promise.all([...lanes, abandoned].map((pulse) => pulse.stop())));
  await options.opened.listen('issuance_request', () => {
    for (const lane of lanes) lane.wake();
  });
}
