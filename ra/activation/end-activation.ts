import type { AuditActor } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import { originOf } from '../application.ts';
import type { ApplicationId } from '../application.ts';
import type { RegistrationHouse } from '../registration-house.ts';
import { ACTIVATION_STEPS } from './activation.ts';

/**
 * Voids the activation of an application that is locked and is not to be activated any more. False when it was used: then a certificate
 * is being issued, and ends as certificates do.
 */
export async function endActivation(
  { activations, audit, clock }: Pick<RegistrationHouse, 'activations' | 'audit' | 'clock'>,
  tx: Transaction,
  id: ApplicationId,
  actor: AuditActor,
): Promise<boolean> {
  const activation = await activations.lockNewest(tx, id);
  if (!activation) return true;
  if (activation.usedAt) return false;
  const at = clock.now();
  await activations.void(tx, activation.id, at);
  await audit.record(tx, {
    at,
    actor,
    action: ACTIVATION_STEPS.end.event,
    outcome: 'accepted',
    subject: originOf(id),
    details: { activation: activation.id },
  });
  return true;
}
