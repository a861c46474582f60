import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

import type { Clock } from '../../core/clock.ts';
import { nameText } from '../../pki/name.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { StampTally } from '../../tsa/stamp-tally.ts';
import type { StampCount } from '../../tsa/stamp-tally.ts';
import { TimeStampAuthority } from '../../tsa/time-stamp-authority.ts';
import type { TimeStampAnswer } from '../../tsa/time-stamp-authority.ts';
import type { TimeStampingUnit } from '../../tsa/time-stamping-unit.ts';
import { TrustedTime } from '../../tsa/trusted-time.ts';
import { TsaError } from '../../tsa/tsa-error.ts';
import type { OwnCertificate } from '../certificate-expiries.ts';
import { FaultLog } from '../fault-log.ts';
import { startPulse } from '../start-pulse.ts';
import { GenTimeMarkFile } from './gen-time-mark-file.ts';
import { openClock } from './open-clock.ts';
import { tsaMetrics } from './tsa-metrics.ts';
import { TSA_SETTINGS } from './tsa-settings.ts';
import type { TsaSettings } from './tsa-settings.ts';

export interface TsaOptions extends Partial<TsaSettings> {
  /** What to stamp with; told why one that is due was not replaced. */
  unit: (onOverdue: (cause: unknown) => void) => Promise<TimeStampingUnit>;
  /** Keeps what was stamped in a minute. */
  record: (count: StampCount) => Promise<void>;
  /** Arc below which the shipped policies hang. */
  oidArc: string;
  dataDirectory: string;
  clock: Clock;
  /** Milliseconds of a clock that nobody sets; default: the system's. */
  monotonicMilliseconds?: () => number;
  logger: Logger;
  registry: Registry;
}

export interface RunningTsa {
  answer(request: Uint8Array): Promise<TimeStampAnswer>;
  /** For signatures of this house; not counted as an answer. */
  stamp(digest: DigestName, hash: Uint8Array): Promise<Buffer>;
  /** Rejects when nothing could be stamped now. */
  assertReady(): Promise<void>;
  /** What was stamped with last; empty before the first stamp. */
  ownCertificates(): OwnCertificate[];
  close(): Promise<void>;
}

/** A unit whose certificate is revoked stamps for no longer than this. */
const UNIT_MILLISECONDS = 3_000;

/** How often what was stamped is told to the audit log. */
const TALLY_MILLISECONDS = 60_000;

/** Opens the time-stamping authority; its unit is looked for when the first stamp is asked for. */
export function openTsa(options: TsaOptions): RunningTsa {
  const { clock, oidArc, logger, registry, dataDirectory, tsaClock = 'unchecked' } = options;
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
  const { unit, last } = currentUnit(options, faults);
  const authority = new TimeStampAuthority({
    unit,
    time,
    policy: options.tsaPolicy ?? `${oidArc}.5.${tsaClock === 'unchecked' ? 2 : 1}`,
    accuracyMilliseconds,
    onStamp: (token, genTime) => tally.add(token, genTime),
    onFault: (error) => faults.tell(error),
  });
  const told = async () => {
    const count = tally.drain();
    if (count) await options.record(count);
  };
  const tell = () =>
    told().catch((err: unknown) => logger.error({ err }, 'what was stamped cannot be recorded'));
  const pulse = startPulse(TALLY_MILLISECONDS, tell);
  return {
    answer: async (request) => {
      const answer = await authority.answer(request);
      metrics.answered(answer.outcome);
      return answer;
    },
    stamp: (digest, hash) => authority.stamp(digest, hash),
    assertReady: async () => {
      await unit();
      const fault = await time.fault();
      if (fault !== undefined) throw new TsaError('time-not-available', fault);
    },
    ownCertificates: () =>
      last.certificate
        ? [{ kind: 'time-stamping', name: nameText(last.certificate.subject), certificate: last.certificate }]
        : [],
    close: async () => {
      await pulse.stop();
      await tell();
      await time.close();
    },
  };
}

/** The unit with its key open, looked for anew every few seconds; those who ask meanwhile wait for the same. */
function currentUnit({ unit, clock }: TsaOptions, faults: FaultLog): CurrentUnit {
  const last: CurrentUnit['last'] = {};
  const look = async () => {
    try {
      const found = await unit((cause) => faults.tell(cause));
      last.certificate = found.certificate;
      return found;
    } catch (cause) {
      faults.tell(cause);
      throw new TsaError('time-stamping-unit-missing', 'there is no certified key to stamp with', { cause });
    }
  };
  let known: { until: number; unit: Promise<TimeStampingUnit> } | undefined;
  const current = () => {
    const now = clock.now().getTime();
    if (known && now < known.until) return known.unit;
    known = { until: now + UNIT_MILLISECONDS, unit: look() };
    return known.unit;
  };
  return { unit: current, last };
}

interface CurrentUnit {
  unit: () => Promise<TimeStampingUnit>;
  last: { certificate?: TimeStampingUnit['certificate'] };
}
