import type { AuditActor } from '../../audit/audit-event.ts';
import { APPLICATION_TRANSITIONS, originOf } from '../application.ts';
import type { ApplicationId } from '../application.ts';
import { ACCEPTANCE_SECONDS } from '../acceptance/expire-unaccepted.ts';
import type { RegistrationHouse } from '../registration-house.ts';
import { endActivation } from './end-activation.ts';

const BATCH = 100;
const { expire, await: wait } = APPLICATION_TRANSITIONS;

/**
 * Ends applications that nobody has activated within 60 days (DOMAIN §4); returns how many. Nothing is issued of them: what was
 * activated is issued first, and ends as a certificate that nobody has received.
 */
export async function expireUnactivated(
  house: Pick<RegistrationHouse, 'applications' | 'activations' | 'audit' | 'transactions' | 'clock'>,
  actor: AuditActor,
): Promise<number> {
  const before = new Date(house.clock.now().getTime() - ACCEPTANCE_SECONDS * 1000);
  const found = await house.activations.unusedSince(before, BATCH);
  for (const id of found) await expireOne(house, id, actor);
  return found.length;
}

async function expireOne(
  house: Parameters<typeof expireUnactivated>[0],
  id: ApplicationId,
  actor: AuditActor,
): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    const application = await house.applications.lock(tx, id);
    if (application?.state !== wait.to || !(await endActivation(house, tx, id, actor))) return;
    const { version } = await house.applications.proceed(tx, id, { state: expire.to });
    await house.audit.record(tx, {
      at: house.clock.now(),
      actor,
      action: expire.event,
      outcome: 'accepted',
      subject: originOf(id),
      details: { version },
    });
  });
}
