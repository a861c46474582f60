import type { Transaction } from '../../core/transaction.ts';
import { APPLICATION_TRANSITIONS, originOf } from '../application.ts';
import type { Application, ApplicationId } from '../application.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import { ACTIVATIONS_MAX, ACTIVATION_STEPS, activationState } from './activation.ts';
import type { Activation, ActivationStep, RenewalOfActivation } from './activation.ts';
import type { ActivationHouse } from './activation-house.ts';
import { keepActivation, newDeskSecret, prepareActivation } from './make-activation.ts';
import type { PreparedActivation } from './make-activation.ts';

/** An activation as it stands, and what only who asked for it sees, once. */
export interface RenewedActivation {
  activation: Activation;
  deskSecret?: string;
  letterCode?: string;
}

/**
 * Makes one of the secrets anew, which voids the old one. `code`: a new activation, whose code goes by short message; for a phone
 * with a new secret for the desk. `letter`: the same with a code to print, by a manager who has not filed the case, so that nobody at
 * the desk sees both channels. `desk-secret`: of the activation in force. Throws RaError `activation-state`,
 * `activations-too-many`, `contact-missing` or `four-eyes`.
 */
export async function renewActivation(
  house: ActivationHouse,
  officer: Officer,
  { id, renew }: { id: ApplicationId; renew: RenewalOfActivation },
): Promise<RenewedActivation> {
  assertRole(officer, ACTIVATION_STEPS[renew].roles);
  const application = await readApplication(house, officer, id);
  if (renew === 'letter' && application.filedBy === officer.id)
    throw new RaError('four-eyes', 'whoever filed an application does not print its code');
  if (renew === 'desk-secret') return showDeskSecret(house, officer, application);
  const prepared = await prepareActivation(house, application, {
    madeBy: officer.id,
    channel: renew === 'letter' ? 'letter' : 'sms',
    withDeskSecret: renew === 'code' && application.delivery === 'phone',
  });
  await house.transactions.transaction((tx) => replace(house, tx, officer, prepared, renew));
  house.onQueued();
  return { activation: prepared.activation, ...prepared.secrets };
}

async function replace(
  house: ActivationHouse,
  tx: Transaction,
  officer: Officer,
  prepared: PreparedActivation,
  renew: 'code' | 'letter',
): Promise<void> {
  const { applicationId } = prepared.activation;
  await lockRenewable(house, tx, applicationId, renew);
  if ((await house.activations.count(tx, applicationId)) >= ACTIVATIONS_MAX)
    throw new RaError(
      'activations-too-many',
      `${ACTIVATIONS_MAX} activations were made for it: withdraw it, and file it anew`,
    );
  await keepActivation(house, tx, prepared, renew, actorOf(officer));
}

async function showDeskSecret(
  house: ActivationHouse,
  officer: Officer,
  { id, delivery }: Application,
): Promise<RenewedActivation> {
  if (delivery !== 'phone')
    throw new RaError(
      'activation-state',
      'the second channel of a card is the card: it has no secret to show',
    );
  const deskSecret = newDeskSecret();
  const hash = await house.secrets.hash(deskSecret);
  const activation = await house.transactions.transaction(async (tx) => {
    const locked = await lockRenewable(house, tx, id, 'desk-secret');
    await house.activations.setDeskSecret(tx, locked.id, hash);
    await house.audit.record(tx, {
      at: house.clock.now(),
      actor: actorOf(officer),
      action: ACTIVATION_STEPS['desk-secret'].event,
      outcome: 'accepted',
      subject: originOf(id),
      details: { activation: locked.id, isFirst: locked.deskSecret === undefined },
    });
    return { ...locked, deskSecret: hash };
  });
  return { activation, deskSecret };
}

/** Applications are locked before their activations, by everybody. */
async function lockRenewable(
  house: ActivationHouse,
  tx: Transaction,
  id: ApplicationId,
  renew: RenewalOfActivation,
): Promise<Activation> {
  const application = await house.applications.lock(tx, id);
  const activation = await house.activations.lockNewest(tx, id);
  const { from }: ActivationStep = ACTIVATION_STEPS[renew];
  const state = activation && activationState(activation, house.clock.now());
  if (application?.state !== APPLICATION_TRANSITIONS.await.to || !state || !from.includes(state))
    throw new RaError(
      'activation-state',
      `the application is ${application?.state}, its activation ${state ?? 'none'}: ${renew} is not made now`,
    );
  return activation;
}
