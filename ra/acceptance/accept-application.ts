import type { Transaction } from '../../core/transaction.ts';
import { APPLICATION_TRANSITIONS, originOf } from '../application.ts';
import type { Application, ApplicationId, ApplicationTransition } from '../application.ts';
import { isVisibleTo } from '../decide-application.ts';
import type { DecisionInput } from '../decide-application.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import type { RegistrationHouse } from '../registration-house.ts';

const { accept } = APPLICATION_TRANSITIONS;

/** A clerk records that the holder has received the certificate and agrees with what it says. */
export async function acceptApplication(
  house: Pick<RegistrationHouse, 'applications' | 'audit' | 'transactions' | 'clock'>,
  officer: Officer,
  { id, version }: Pick<DecisionInput, 'id' | 'version'>,
): Promise<Application> {
  assertRole(officer, accept.roles);
  return house.transactions.transaction((tx) => acceptIn(house, tx, officer, id, version));
}

/** The same in the caller's transaction; `version`: the one that the officer has seen, where one was seen. */
export async function acceptIn(
  house: Pick<RegistrationHouse, 'applications' | 'audit' | 'clock'>,
  tx: Transaction,
  officer: Officer,
  id: ApplicationId,
  version?: number,
): Promise<Application> {
  const { from }: ApplicationTransition = accept;
  const application = await house.applications.lock(tx, id);
  if (!application || !isVisibleTo(application, officer))
    throw new RaError('application-unknown', 'no such application');
  if (!from.includes(application.state))
    throw new RaError('application-state', `an application that is ${application.state} is not received`);
  if (version !== undefined && application.version !== version)
    throw new RaError('application-changed', `version ${version} was seen, it is ${application.version} now`);
  const acceptedAt = house.clock.now();
  const accepted = await house.applications.proceed(tx, id, {
    state: accept.to,
    acceptedBy: officer.id,
    acceptedAt,
  });
  await house.audit.record(tx, {
    at: acceptedAt,
    actor: actorOf(officer),
    action: accept.event,
    outcome: 'accepted',
    subject: originOf(id),
    details: { version: accepted.version },
  });
  return accepted;
}
