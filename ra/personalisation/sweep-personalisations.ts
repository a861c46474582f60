import type { AuditActor } from '../../audit/audit-event.ts';
import { layHold } from '../holds/lay-hold.ts';
import { abandon } from './abandon-personalisation.ts';
import type { PersonalisationHouse } from './personalisation-house.ts';
import type { Unconfirmed } from './personalisation-store.ts';

/** Writing and testing take a minute; whoever needs longer finds the certificate on hold, and released when it is tested. */
const CONFIRMATION_SECONDS = 15 * 60;
const BATCH = 100;

/**
 * No certificate stays good that its holder's card does not have: one that nobody has confirmed within 15 minutes goes on hold, and
 * a personalisation whose case has ended is given up. (What is not accepted within 60 days is ended with its application:
 * `acceptance/expire-unaccepted.ts`.) Returns how many were touched.
 */
export async function sweepPersonalisations(house: PersonalisationHouse, actor: AuditActor): Promise<number> {
  const issuedUntil = new Date(house.clock.now().getTime() - CONFIRMATION_SECONDS * 1000);
  const unconfirmed = await house.personalisations.unconfirmed(issuedUntil, BATCH);
  for (const one of unconfirmed) await hold(house, one, actor);
  const ended = await house.personalisations.withoutCase(BATCH);
  for (const id of ended) await abandon(house, actor, id);
  if (unconfirmed.length > 0) await house.holderStatus.whenVisible();
  return unconfirmed.length + ended.length;
}

/** Under the lock of the history, which a test that is reported meanwhile waits for, and lifts this then. */
async function hold(
  house: PersonalisationHouse,
  { applicationId, authorityId, serialNumber }: Unconfirmed,
  actor: AuditActor,
): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    const last = (await house.holderStatus.lockHistory(tx, authorityId, serialNumber)).at(-1);
    if (last?.event === 'revoked' || last?.event === 'held') return;
    if (await house.personalisations.isConfirmed(tx, applicationId)) return;
    const request = { authorityId, serialNumber, requestedBy: actor.id, cause: 'unconfirmed' } as const;
    await layHold(house, tx, request, actor);
  });
}
