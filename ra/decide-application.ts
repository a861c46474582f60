import type { AuditEvent } from '../audit/audit-event.ts';
import type { Transaction } from '../core/transaction.ts';
import { APPLICATION_ACTIONS, originOf } from './application.ts';
import type { Application, ApplicationId } from './application.ts';
import { actorOf, assertRole, seesAllOffices } from './officer.ts';
import type { Officer } from './officer.ts';
import { RaError } from './ra-error.ts';
import type { RegistrationHouse } from './registration-house.ts';

export interface DecisionInput {
  id: ApplicationId;
  /** Version that the officer has seen; another one is refused, so nobody decides on a stale page. */
  version: number;
  note?: string;
}

/** Approves, rejects or withdraws by the state table, with the event, in one transaction; `details` go into the event. */
export async function decideApplication(
  house: RegistrationHouse,
  officer: Officer,
  action: keyof typeof APPLICATION_ACTIONS,
  input: DecisionInput,
  details: AuditEvent['details'] = {},
): Promise<Application> {
  const rule = APPLICATION_ACTIONS[action];
  assertRole(officer, rule.roles);
  return house.transactions.transaction(async (tx) => {
    const application = await lockVisible(house, tx, officer, input.id);
    assertDecidable(application, officer, action, input.version);
    const decidedAt = house.clock.now();
    const decided = await house.applications.update(tx, application.id, {
      state: rule.to,
      decidedBy: officer.id,
      decidedAt,
      ...(input.note !== undefined && { decisionNote: input.note }),
    });
    await house.audit.record(tx, {
      at: decidedAt,
      actor: actorOf(officer),
      action: `${action}-application`,
      outcome: 'accepted',
      subject: originOf(application.id),
      details: { version: decided.version, ...details },
    });
    return decided;
  });
}

async function lockVisible(
  house: RegistrationHouse,
  tx: Transaction,
  officer: Officer,
  id: ApplicationId,
): Promise<Application> {
  const application = await house.applications.lock(tx, id);
  if (application && isVisibleTo(application, officer)) return application;
  throw new RaError('application-unknown', 'no such application');
}

/** An application of another office does not exist for an officer. */
export function isVisibleTo(application: Application, officer: Officer): boolean {
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
  if (action === 'approve' && application.filedBy === officer.id) {
    throw new RaError('four-eyes', 'whoever filed an application cannot approve it');
  }
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
