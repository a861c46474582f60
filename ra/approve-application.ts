import type { AuditActor } from '../audit/audit-event.ts';
import { APPLICATION_ACTIONS, originOf } from './application.ts';
import type { Application, ApplicationId } from './application.ts';
import { assertDecidable, decideApplication, isVisibleTo } from './decide-application.ts';
import type { DecisionInput } from './decide-application.ts';
import { assertLicenceActive } from './licence/assert-licence-active.ts';
import { actorOf, assertRole } from './officer.ts';
import type { Officer } from './officer.ts';
import { assertRegistersMatch } from './registers/check-application.ts';
import type { RegisterAnswerId } from './registers/register-answer-store.ts';
import type { IssuingHouse, RegistrationHouse } from './registration-house.ts';

/**
 * The second officer approves, and the certificate is issued. What the registers or the Medical Council say against it, and what
 * the CA would refuse now (its key is away, the holder's was blocked since), is refused before anything is written. The approval is durable first: a crash after it leaves an approved
 * application, which `issueApproved` completes.
 */
export async function approveApplication(
  house: RegistrationHouse,
  officer: Officer,
  input: DecisionInput,
): Promise<Application> {
  const evidence = await assertIssuable(house, officer, input);
  const approved = await decideApplication(house, officer, 'approve', input, {
    registerAnswers: evidence.join(' '),
  });
  return issueFor(house, approved, actorOf(officer));
}

async function assertIssuable(
  house: RegistrationHouse,
  officer: Officer,
  input: DecisionInput,
): Promise<RegisterAnswerId[]> {
  assertRole(officer, APPLICATION_ACTIONS.approve.roles);
  const application = await house.applications.find(input.id);
  // What is not there is refused by the decision itself.
  if (!application || !isVisibleTo(application, officer)) return [];
  assertDecidable(application, officer, 'approve', input.version);
  await assertLicenceActive(house.licences, application.applicant);
  const evidence = await assertRegistersMatch(house, application);
  await house.issuer.checkReady({ ...application, origin: originOf(application.id) });
  return evidence;
}

/** Issues for one application whose approval is durable, unless it has been done meanwhile. */
export async function completeApproved(
  house: IssuingHouse,
  id: ApplicationId,
  actor: AuditActor,
): Promise<void> {
  const application = await house.applications.find(id);
  if (application?.state === 'approved') await issueFor(house, application, actor);
}

export interface IssueApprovedOptions {
  /** Only approvals before this moment, because whoever approved later is at work on it; absent: all. */
  decidedBefore?: Date;
  /** Told of each application that cannot be issued, and the others go on; absent: the first one rejects the whole. */
  onFailure?(id: ApplicationId, error: unknown): void;
}

/** Issues for each application whose approval is durable and whose certificate is not; returns those that are issued now. */
export async function issueApproved(
  house: IssuingHouse,
  actor: AuditActor,
  { decidedBefore, onFailure }: IssueApprovedOptions = {},
): Promise<Application[]> {
  const issued: Application[] = [];
  let page: Application[] = [];
  do {
    const before = page.at(-1)?.id;
    page = await house.applications.list({ state: 'approved', limit: BATCH, ...(before && { before }) });
    for (const application of page) {
      if (decidedBefore && application.decidedAt! >= decidedBefore) continue;
      try {
        issued.push(await issueFor(house, application, actor));
      } catch (error) {
        if (!onFailure) throw error;
        onFailure(application.id, error);
      }
    }
  } while (page.length === BATCH);
  return issued;
}

const BATCH = 100;

async function issueFor(
  house: IssuingHouse,
  application: Application,
  actor: AuditActor,
): Promise<Application> {
  const origin = originOf(application.id);
  if (!(await house.issuer.hasIssued(origin))) {
    // Time may have passed since the approval; what slips through even so is put on hold by `followStandings`.
    await assertLicenceActive(house.licences, application.applicant);
    await house.issuer.issue({ ...application, origin }, actor);
  }
  return house.transactions.transaction(async (tx) => {
    const current = await house.applications.lock(tx, application.id);
    // Somebody else has completed it meanwhile.
    if (current?.state === 'issued') return current;
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
