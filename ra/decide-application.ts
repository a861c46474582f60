import type { AuditEvent } from '../audit/audit-event.ts';
import type { Transaction } from '../core/transaction.ts';
import { endActivation } from './activation/end-activation.ts';
import { APPLICATION_ACTIONS, originOf } from './application.ts';
import type { Application, ApplicationId } from './application.ts';
import { actorOf, assertRole, seesAllOffices } from './officer.ts';
import type { Officer } from './officer.ts';
import { RaError } from './ra-error.ts';
import { assertMayApprove } from './approval/assert-may-approve.ts';
import type { RegistrationHouse } from './registration-house.ts';

export interface DecisionInput {
  id: ApplicationId;
  /** Version that the officer has seen; another one is refused, so nobody decides on a stale page. */
  version: number;
  note?: string;
}

/** Decisions that take nothing but the officer's word; an approval is signed, see `approve-application.ts`. */
export type PlainDecision = Exclude<keyof typeof APPLICATION_ACTIONS, 'approve'>;

/** Rejects or withdraws by the state table, with the event, in one transaction. */
export async function decideApplication(
  house: RegistrationHouse,
  officer: Officer,
  action: PlainDecision,
  input: DecisionInput,
): Promise<Application> {
  assertRole(officer, APPLICATION_ACTIONS[action].roles);
  return house.transactions.transaction(async (tx) => {
    const { state } = await lockDecidable(house, tx, officer, action, input);
    if (state === 'activation' && !(await endActivation(house, tx, input.id, actorOf(officer))))
      throw new RaError('application-state', 'it has been activated: its certificate is being issued');
    return recordDecision(house, tx, officer, action, input);
  });
}

/** The application, kept from everybody else until the transaction ends, if the decision can be taken on it. */
export async function lockDecidable(
  house: Pick<RegistrationHouse, 'applications'>,
  tx: Transaction,
  officer: Officer,
  action: keyof typeof APPLICATION_ACTIONS,
  { id, version }: DecisionInput,
): Promise<Application> {
  const application = await house.applications.lock(tx, id);
  if (!application || !isVisibleTo(application, officer))
    throw new RaError('application-unknown', 'no such application');
  assertDecidable(application, officer, action, version);
  return application;
}

/** Writes a decision on a locked application, with the event; `details` go into it. */
export async function recordDecision(
  house: Pick<RegistrationHouse, 'applications' | 'audit' | 'clock'>,
  tx: Transaction,
  officer: Officer,
  action: keyof typeof APPLICATION_ACTIONS,
  { id, note }: DecisionInput,
  details: AuditEvent['details'] = {},
): Promise<Application> {
  const decidedAt = house.clock.now();
  const decided = await house.applications.update(tx, id, {
    state: APPLICATION_ACTIONS[action].to,
    decidedBy: officer.id,
    decidedAt,
    ...(note !== undefined && { decisionNote: note }),
  });
  await house.audit.record(tx, {
    at: decidedAt,
    actor: actorOf(officer),
    action: APPLICATION_ACTIONS[action].event,
    outcome: 'accepted',
    subject: originOf(id),
    details: { version: decided.version, ...details },
  });
  return decided;
}

/** An application of another office does not exist for an officer. */
export function isVisibleTo(application: Pick<Application, 'officeId'>, officer: Officer): boolean {
  return application.officeId === officer.officeId || seesAllOffices(officer);
}

/** Whether the decision can be taken, of the version that the officer has seen; `decideApplication` asks it under lock. */
export function assertDecidable(
  application: Application,
  officer: Officer,
  action: keyof typeof APPLICATION_ACTIONS,
  version: number,
): void {
  const from: readonly string[] = APPLICATION_ACTIONS[action].from;
  if (action === 'approve') assertMayApprove(officer, application);
  if (!from.includes(application.state)) {
    throw new RaError(
      'application-state',
      `an application that is ${application.state} cannot be decided: ${action}`,
    );
  }
  if (application.version !== version) {
    throw new RaError(
      'application-changed',
      `version ${version} was decided on, it is ${application.version} now`,
    );
  }
}
