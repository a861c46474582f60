import type { AuditActor } from '../audit/audit-event.ts';
import { APPLICATION_ACTIONS, originOf } from './application.ts';
import type { Application, ApplicationId } from './application.ts';
import { assertDecidable, decideApplication, isVisibleTo } from './decide-application.ts';
import type { DecisionInput } from './decide-application.ts';
import { actorOf, assertRole } from './officer.ts';
import type { Officer } from './officer.ts';
import type { RegistrationHouse } from './registration-house.ts';

/**
 * The second officer approves, and the certificate is issued. What the CA would refuse now (its key is away, the holder's was
 * blocked since) is refused before anything is written. The approval is durable first: a crash after it leaves an approved
 * application, which `issueApproved` completes.
 */
export async function approveApplication(
  house: RegistrationHouse,
  officer: Officer,
  input: DecisionInput,
): Promise<Application> {
  await assertIssuable(house, officer, input);
  const approved = await decideApplication(house, officer, 'approve', input);
  return issueFor(house, approved, actorOf(officer));
}

async function assertIssuable(
  house: RegistrationHouse,
  officer: Officer,
  input: DecisionInput,
): Promise<void> {
  assertRole(officer, APPLICATION_ACTIONS.approve.roles);
  const application = await house.applications.find(input.id);
  // What is not there is refused by the decision itself.
  if (!application || !isVisibleTo(application, officer)) return;
  assertDecidable(application, officer, 'approve', input.version);
  await house.issuer.checkReady({ ...application, origin: originOf(application.id) });
}

/** Issues for one application whose approval is durable, unless it has been done meanwhile. */
export async function completeApproved(
  house: RegistrationHouse,
  id: ApplicationId,
  actor: AuditActor,
): Promise<void> {
  const application = await house.applications.find(id);
  if (application?.state === 'approved') await issueFor(house, application, actor);
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
