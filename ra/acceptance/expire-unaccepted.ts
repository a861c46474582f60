import type { AuditActor } from '../../audit/audit-event.ts';
import type { StatusEvent } from '../../pki/certificate-status.ts';
import { APPLICATION_TRANSITIONS, originOf } from '../application.ts';
import type { ApplicationId, ApplicationTransition } from '../application.ts';
import type { HolderStatusChanger } from '../holds/hold-house.ts';
import type { RegistrationHouse } from '../registration-house.ts';

/** DOMAIN §4: what nobody has received after so long is ended. */
export const ACCEPTANCE_SECONDS = 60 * 24 * 3600;
const BATCH = 100;

/** An application whose certificate nobody has received, with the last change of the certificate. */
export interface Unaccepted {
  id: ApplicationId;
  authorityId: string;
  serialNumber: Buffer;
  lastEvent: StatusEvent;
  lastChangeNumber: number;
}

export interface UnacceptedApplications {
  /** Issued before a moment and neither accepted nor expired; those of campaigns, whose roster says who has them, aside. */
  issuedBefore(moment: Date, limit: number): Promise<Unaccepted[]>;
}

export interface AcceptanceHouse extends Pick<
  RegistrationHouse,
  'applications' | 'audit' | 'transactions' | 'clock'
> {
  unaccepted: UnacceptedApplications;
  holderStatus: HolderStatusChanger;
}

const { expire } = APPLICATION_TRANSITIONS;

/**
 * Ends certificates that nobody has received within 60 days (cessationOfOperation), each with its application in one transaction;
 * returns how many. One whose status or application changes meanwhile is looked at again the next time.
 */
export async function expireUnaccepted(house: AcceptanceHouse, actor: AuditActor): Promise<number> {
  const before = new Date(house.clock.now().getTime() - ACCEPTANCE_SECONDS * 1000);
  const found = await house.unaccepted.issuedBefore(before, BATCH);
  for (const one of found) await expireOne(house, one, actor);
  if (found.length > 0) await house.holderStatus.whenVisible();
  return found.length;
}

async function expireOne(house: AcceptanceHouse, one: Unaccepted, actor: AuditActor): Promise<void> {
  const { from }: ApplicationTransition = expire;
  await house.transactions.transaction(async (tx) => {
    const application = await house.applications.lock(tx, one.id);
    if (!application || !from.includes(application.state)) return;
    const { authorityId, serialNumber, lastEvent, lastChangeNumber: after } = one;
    if (lastEvent !== 'revoked') {
      const request = {
        authorityId,
        serialNumber,
        event: 'revoked',
        reason: 'cessationOfOperation',
        after,
      } as const;
      await house.holderStatus.changeStatusIn(tx, { ...request, requestedBy: 'not-accepted' }, actor);
    }
    const expired = await house.applications.proceed(tx, one.id, { state: expire.to });
    await house.audit.record(tx, {
      at: house.clock.now(),
      actor,
      action: expire.event,
      outcome: 'accepted',
      subject: originOf(one.id),
      details: { version: expired.version },
    });
  });
}
