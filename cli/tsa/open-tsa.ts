import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

import type { AuditLog } from '../../audit/audit-log.ts';
import { ensureTimeStampingUnit } from '../../ca/issue/ensure-time-stamping-unit.ts';
import type { TimeStampingHouse } from '../../ca/issue/ensure-time-stamping-unit.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { StampTally } from '../../tsa/stamp-tally.ts';
import { TimeStampAuthority } from '../../tsa/time-stamp-authority.ts';
import type { TimeStampAnswer } from '../../tsa/time-stamp-authority.ts';
import type { TimeStampingUnit } from '../../tsa/time-stamping-unit.ts';
import { TrustedTime } from '../../tsa/trusted-time.ts';
import { TsaError } from '../../tsa/tsa-error.ts';
import { chainBelowRoot } from '../chain-below-root.ts';
import { FaultLog } from '../fault-log.ts';
import type { KeyStore } from '../key-store.ts';
import type { Hierarchy } from '../open-authorities.ts';
import { SERVICE } from '../service-actor.ts';
import { startPulse } from '../start-pulse.ts';
import { GenTimeMarkFile } from './gen-time-mark-file.ts';
import { openClock } from './open-clock.ts';
import { tsaMetrics } from './tsa-metrics.ts';
import { TSA_SETTINGS } from './tsa-settings.ts';
import type { TsaSettings } from './tsa-settings.ts';

export interface TsaOptions extends Partial<TsaSettings> {
  house: TimeStampingHouse & { audit: AuditLog };
  hierarchy: Hierarchy;
  keys: Pick<KeyStore, 'openSigner'>;
  dataDirectory: string;
  /** Milliseconds of a clock that nobody sets; default: the system's. */
  monotonicMilliseconds?: () => number;
  logger: Logger;
  registry: Registry;
}

export interface RunningTsa {
  answer(request: Uint8Array): Promise<TimeStampAnswer>;
  /** For signatures of this house; not counted as an answer. */
  stamp(digest: DigestName, hash: Uint8Array): Promise<Buffer>;
  close(): Promise<void>;
}

/** A unit whose certificate is revoked stamps for no longer than this. */
const UNIT_MILLISECONDS = 3_000;

/** How often what was stamped is told to the audit log. */
const TALLY_MILLISECONDS = 60_000;

/** Opens the time-stamping authority; its key and certificate are made when the first stamp is asked for. */
export function openTsa(options: TsaOptions): RunningTsa {
  const { house, logger, registry, dataDirectory, tsaClock = 'unchecked' } = options;
  const { clock, names } = house;
  const accuracyMilliseconds =
    options.tsaAccuracyMilliseconds ?? Number(TSA_SETTINGS.tsaAccuracyMilliseconds.fallback);
  const time = new TrustedTime({
    clock,
    monotonicMilliseconds: options.monotonicMilliseconds ?? (() => performance.now()),
    synchronisation: openClock(tsaClock, clock),
    mark: new GenTimeMarkFile(dataDirectory),
    accuracyMilliseconds,
  });
  const metrics = tsaMetrics(registry, () => time.fault());
  const faults = new FaultLog(logger, clock, 'time stamps cannot be made');
  const tally = new StampTally();
  const authority = new TimeStampAuthority({
    unit: currentUnit(options, faults),
    time,
    policy: options.tsaPolicy ?? `${names.oidArc}.5.${tsaClock === 'unchecked' ? 2 : 1}`,
    accuracyMilliseconds,
    onStamp: (token, genTime) => tally.add(token, genTime),
    onFault: (error) => faults.tell(error),
  });
  const tell = () =>
    recordTally(house, tally).catch((err: unknown) =>
      logger.error({ err }, 'what was stamped cannot be recorded'),
    );
  const pulse = startPulse(TALLY_MILLISECONDS, tell);
  return {
    answer: async (request) => {
      const answer = await authority.answer(request);
      metrics.answered(answer.outcome);
      return answer;
    },
    stamp: (digest, hash) => authority.stamp(digest, hash),
    close: async () => {
      await pulse.stop();
      await tell();
      await time.close();
    },
  };
}

/** One event for all that was stamped in a minute: no hash that was stamped, and nobody who asked. */
async function recordTally(
  { audit, clock, transactions }: TsaOptions['house'],
  tally: StampTally,
): Promise<void> {
  const drained = tally.drain();
  if (!drained) return;
  const { count, firstGenTime, lastGenTime, tokensSha256 } = drained;
  await transactions.transaction((tx) =>
    audit.record(tx, {
      at: clock.now(),
      actor: SERVICE,
      action: 'issue-time-stamps',
      outcome: 'accepted',
      subject: `time-stamps:${firstGenTime.toISOString()}`,
      details: { count, lastGenTime: lastGenTime.toISOString(), tokensSha256 },
    }),
  );
}

/** The unit of the database with its key open, looked up anew every few seconds; those who ask meanwhile wait for the same. */
function currentUnit(options: TsaOptions, faults: FaultLog): () => Promise<TimeStampingUnit> {
  const { clock } = options.house;
  let known: { until: number; unit: Promise<TimeStampingUnit> } | undefined;
  return () => {
    const now = clock.now().getTime();
    if (known && now < known.until) return known.unit;
    const opening = openUnit(options, faults);
    known = { until: now + UNIT_MILLISECONDS, unit: opening };
    return opening;
  };
}

async function openUnit({ house, hierarchy, keys }: TsaOptions, faults: FaultLog): Promise<TimeStampingUnit> {
  const record = await ensureTimeStampingUnit(house, SERVICE).catch((cause: unknown) => {
    faults.tell(cause);
    throw new TsaError('time-stamping-unit-missing', 'there is no certified key to stamp with', { cause });
  });
  return {
    signer: await keys.openSigner(record.keyReference),
    certificate: parseCertificate(record.certificate),
    chain: chainBelowRoot(hierarchy, record.authorityId),
  };
}
