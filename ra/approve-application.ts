import type { AuditActor } from '../audit/audit-event.ts';
import type { Application } from './application.ts';
import { originOf } from './application.ts';
import { decideApplication } from './decide-application.ts';
import type { DecisionInput } from './decide-application.ts';
import { actorOf } from './officer.ts';
import type { Officer } from './officer.ts';
import type { RegistrationHouse } from './registration-house.ts';

/**
 * The second officer approves, and the certificate is issued. The approval is durable first: a crash after it leaves
 * an approved application, which `issueApproved` completes.
 */
export async function approveApplication(
  house: RegistrationHouse,
  officer: Officer,
  input: DecisionInput,
): Promise<Application> {
  const approved = await decideApplication(house, officer, 'approve', input);
  return issueFor(house, approved, actorOf(officer));
}

/** Issues for each application whose approval is durable and whose certificate is not; run at start. */
export async function issueApproved(house: RegistrationHouse, actor: AuditActor): Promise<Application[]> {
  const issued: Application[] = [];
  for (;;) {
    const waiting = await house.applications.list({ state: 'approved', limit: BATCH });
    for (const application of waiting) issued.push(await issueFor(house, application, actor));
    if (waiting.length < BATCH) return issued;
  }
}

const BATCH = 100;

async function issueFor(
  house: RegistrationHouse,
  application: Application,
  actor: AuditActor,
): Promise<Application> {
  const origin = originOf(application.id);
  if (!(await house.issuer.hasIssued(origin))) await house.issuer.issue({ ...application, origin }, actor);
  return house.transactions.transaction(async (tx) => {
    const { decidedBy, decidedAt, decisionNote } = application;
    const issued = await house.applications.update(tx, application.id, {
      state: 'issued',
      decidedBy,
      decidedAt,
      decisionNote,
    });
    await house.audit.record(tx, {
      at: house.clock.now(),
      actor,
      action: 'complete-application',
      outcome: 'accepted',
      subject: origin,
      details: { version: issued.version },
    });
    return issued;
  });
}
