import { expireUnaccepted } from '../../ra/acceptance/expire-unaccepted.ts';
import { expireUnactivated } from '../../ra/activation/expire-unactivated.ts';
import { pruneEvidence } from '../../ra/evidence/prune-evidence.ts';
import { sweepPersonalisations } from '../../ra/personalisation/sweep-personalisations.ts';
import { remindHolders } from '../../ra/reminders/remind-holders.ts';
import { NO_REGISTERS } from '../registers/open-registers.ts';
import { startLicences } from '../registers/start-licences.ts';
import { SERVICE } from '../service-actor.ts';
import { startPulse } from '../start-pulse.ts';
import type { JobName } from '../watched-jobs.ts';
import type { Certification } from './certification.ts';
import type { Ground } from './ground.ts';
import type { Registration } from './registration.ts';

/** What a key or a database that was away has held up is tried again this often. */
const COMPLETION_MILLISECONDS = 2_000;
/**
 * What nobody is at work on any more, since another process died or the answer to a commit was lost: looked for this often, and
 * older than almost any request gets. Somebody who is at work on it even so loses nothing: one of the two issues.
 */
const ABANDONED_MILLISECONDS = 20_000;
const ABANDONED_AFTER_MILLISECONDS = 30_000;
/** Terms that have passed are looked for this often; they are of days. */
const EXPIRY_MILLISECONDS = 60_000;
/** A certificate that is on no card is found within a minute of its time. */
const CARD_SWEEP_MILLISECONDS = 60_000;
/** Reminders are due by the day. */
const REMINDING_MILLISECONDS = 600_000;
/** Papers have their time in years. */
const PRUNING_MILLISECONDS = 3_600_000;

/** Issues what was approved and has come no further. */
export async function finishInterrupted(
  { interrupted }: Ground,
  { registration, offices }: Registration,
): Promise<void> {
  await interrupted.issueAll(registration, SERVICE);
  await interrupted.certifyAll(offices, SERVICE);
}

/** Starts what the registration authority does by itself, again and again. */
export function startRecurringWork(
  { options, base, interrupted, watch, closers }: Ground,
  { issuer }: Pick<Certification, 'issuer'>,
  { ca, offices, papers, outbox, registration, licence, personalisation }: Registration,
): void {
  const { clock, logger, registers = NO_REGISTERS } = options;
  const every = (milliseconds: number, work: () => Promise<unknown>) => {
    const pulse = startPulse(milliseconds, work);
    closers.unshift(() => pulse.stop());
  };
  const logged = (job: JobName, work: Promise<unknown>, fault: string) =>
    watch(job, work).catch((err: unknown) => logger.error({ err }, fault));
  every(COMPLETION_MILLISECONDS, () => interrupted.complete(issuer, registration, SERVICE));
  every(ABANDONED_MILLISECONDS, async () => {
    const before = new Date(clock.now().getTime() - ABANDONED_AFTER_MILLISECONDS);
    await interrupted.resumeAll(issuer, SERVICE, before);
    await interrupted.issueAll(registration, SERVICE, before);
    await interrupted.certifyAll(offices, SERVICE);
  });
  every(EXPIRY_MILLISECONDS, async () => {
    await logged(
      'unaccepted',
      expireUnaccepted({ ...base, holderStatus: ca }, SERVICE),
      'certificates that nobody has received cannot be ended yet',
    );
    await logged(
      'unactivated',
      expireUnactivated(base, SERVICE),
      'applications that nobody has activated cannot be ended yet',
    );
  });
  every(CARD_SWEEP_MILLISECONDS, () =>
    logged(
      'cards',
      sweepPersonalisations(personalisation, SERVICE),
      'certificates of unfinished cards cannot be put on hold',
    ),
  );
  every(REMINDING_MILLISECONDS, () =>
    logged(
      'reminders',
      remindHolders(papers).then((reminded) => void (reminded > 0 && outbox?.wake())),
      'holders cannot be reminded',
    ),
  );
  every(PRUNING_MILLISECONDS, () =>
    logged('papers', pruneEvidence(papers, SERVICE), 'papers cannot be deleted'),
  );
  const licences = startLicences(licence, registers.licenceFeed, logger, watch);
  closers.unshift(() => licences.stop());
}
