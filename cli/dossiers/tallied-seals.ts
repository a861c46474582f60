import type { Logger } from 'pino';

import type { StampRecords } from '../tsa/record-stamps.ts';
import { StampTally } from '../../tsa/stamp-tally.ts';
import type { ReportSealer } from '../../validation/dossier/report-sealer.ts';
import { SERVICE } from '../service-actor.ts';
import { startPulse } from '../start-pulse.ts';

/** How often what was sealed is told to the audit log: anybody may ask for a sealed report, and nobody shall fill the log. */
const TALLY_MILLISECONDS = 60_000;

/** A sealer that tells the audit log how it used its key: one event for all seals of a minute. */
export function talliedSeals(
  sealer: ReportSealer,
  { audit, transactions, clock, logger }: StampRecords & { logger: Logger },
): { sealer: ReportSealer; close(): Promise<void> } {
  const tally = new StampTally();
  const told = async () => {
    const count = tally.drain();
    if (!count) return;
    await transactions.transaction((tx) =>
      audit.record(tx, {
        at: clock.now(),
        actor: SERVICE,
        action: 'seal-reports',
        outcome: 'accepted',
        subject: `seals:${count.firstGenTime.toISOString()}`,
        details: { count: count.count, sealsSha256: count.tokensSha256 },
      }),
    );
  };
  const tell = () =>
    told().catch((err: unknown) => logger.error({ err }, 'what was sealed cannot be recorded'));
  const pulse = startPulse(TALLY_MILLISECONDS, tell);
  return {
    sealer: {
      certificate: () => sealer.certificate(),
      seal: async (payload) => {
        const seal = await sealer.seal(payload);
        tally.add(seal, clock.now());
        return seal;
      },
    },
    close: async () => {
      await pulse.stop();
      await tell();
    },
  };
}
