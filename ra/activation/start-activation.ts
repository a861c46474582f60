import type { Transaction } from '../../core/transaction.ts';
import { APPLICATION_TRANSITIONS, originOf } from '../application.ts';
import type { Application } from '../application.ts';
import { DELIVERY_RULES } from '../deliveries.ts';
import { actorOf } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import type { ActivationHouse } from './activation-house.ts';
import { holderOf, keepActivation, prepareActivation } from './make-activation.ts';
import type { PreparedActivation } from './make-activation.ts';

const { await: wait } = APPLICATION_TRANSITIONS;

/**
 * What an approval starts, made ready before its transaction; undefined for what is issued with the approval. Throws RaError
 * `contact-missing` for a phone without a number: it would have one channel.
 */
export async function activationToStart(
  house: ActivationHouse,
  application: Application,
  officer: Officer,
): Promise<PreparedActivation | undefined> {
  const { isActivated } = DELIVERY_RULES[application.delivery];
  if (!isActivated) return undefined;
  await assertReachable(house, application);
  const { mobile } = await holderOf(house, application);
  return prepareActivation(house, application, {
    madeBy: officer.id,
    ...(mobile !== undefined && { channel: 'sms' }),
  });
}

/** Throws RaError `contact-missing` for a phone whose holder has no number here; a card's code can go by letter. */
export async function assertReachable(
  house: Pick<ActivationHouse, 'holders'>,
  application: Application,
): Promise<void> {
  if (application.delivery !== 'phone') return;
  const { mobile } = await holderOf(house, application);
  if (mobile === undefined)
    throw new RaError('contact-missing', 'no mobile number of the holder is known: take it down first');
}

/** In the transaction of the approval: the application waits for its holder. */
export async function awaitActivation(
  house: ActivationHouse,
  tx: Transaction,
  officer: Officer,
  approved: Application,
  prepared: PreparedActivation,
): Promise<Application> {
  const actor = actorOf(officer);
  await keepActivation(house, tx, prepared, 'start', actor);
  const waiting = await house.applications.proceed(tx, approved.id, { state: wait.to });
  await house.audit.record(tx, {
    at: prepared.activation.madeAt,
    actor,
    action: wait.event,
    outcome: 'accepted',
    subject: originOf(approved.id),
    details: { version: waiting.version, activation: prepared.activation.id },
  });
  return waiting;
}
