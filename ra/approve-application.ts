import type { AuditActor, AuditEvent } from '../audit/audit-event.ts';
import { parseApprovalDocument } from '../pki/approval/approval-document.ts';
import { digest } from '../pki/digest-algorithm.ts';
import { APPLICATION_ACTIONS, APPLICATION_TRANSITIONS, originOf } from './application.ts';
import type { Application, ApplicationId, ApplicationTransition } from './application.ts';
import type { ApprovalHouse } from './approval/approval-house.ts';
import type { Approval } from './approval/approval-store.ts';
import { assertIssuable } from './approval/prepare-approval.ts';
import { signedApproval } from './approval/signed-approval.ts';
import type { SubmittedProof } from './approval/signed-approval.ts';
import { lockDecidable, recordDecision } from './decide-application.ts';
import type { DecisionInput } from './decide-application.ts';
import { assertLicenceActive } from './licence/assert-licence-active.ts';
import { attempting } from './lockout.ts';
import { actorOf, assertRole } from './officer.ts';
import type { Officer } from './officer.ts';
import { RaError } from './ra-error.ts';
import { readApplication } from './read-applications.ts';
import type { IssuingHouse } from './registration-house.ts';

export interface ApprovalInput extends DecisionInput {
  /** Absent: refused, once everything else about the request is right. */
  proof?: SubmittedProof;
}

/**
 * The second officer approves, and the certificate is issued. What the registers or the Medical Council say against it, and what
 * the CA would refuse now (its key is away, the holder's was blocked since), is refused before anything is written. The approval is durable first: a crash after it leaves an approved
 * application, which `issueApproved` completes.
 */
export async function approveApplication(
  house: ApprovalHouse,
  officer: Officer,
  input: ApprovalInput,
): Promise<Application> {
  return issueFor(house, await recordApproval(house, officer, input), actorOf(officer));
}

/** The first half: verifies and keeps the approval. Throws RaError `approval-unsigned` and whatever `signedApproval` throws. */
export async function recordApproval(
  house: ApprovalHouse,
  officer: Officer,
  { proof, ...input }: ApprovalInput,
): Promise<Application> {
  assertRole(officer, APPLICATION_ACTIONS.approve.roles);
  const seen = await readApplication(house, officer, input.id);
  const { facts } = await assertIssuable(house, officer, seen, input.version);
  if (!proof)
    throw new RaError(
      'approval-unsigned',
      'an approval is signed: read it, and send the assertion of your passkey or the signature of your certificate',
    );
  return attempting(house, [`officer:${officer.id}`], () =>
    house.transactions.transaction(async (tx) => {
      const application = await lockDecidable(house, tx, officer, 'approve', input);
      const approval = await signedApproval(house, tx, officer, application, facts, proof);
      await house.approvals.insert(tx, approval);
      await house.lockouts.clear(tx, `officer:${officer.id}`);
      return recordDecision(house, tx, officer, 'approve', input, detailsOf(approval));
    }),
  );
}

function detailsOf({ document, proof }: Approval): AuditEvent['details'] {
  const { registerAnswers } = parseApprovalDocument(document);
  return {
    registerAnswers: registerAnswers.map(({ id }) => id).join(' '),
    approvalSha256: digest('sha256', document).toString('hex'),
    method: proof.method,
  };
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
    const approval = await house.approvals.find(application.id);
    if (!approval)
      throw new RaError('approval-unsigned', 'nobody has signed an approval of this application');
    await house.issuer.issue({ ...application, origin }, approval, actor);
  }
  return house.transactions.transaction(async (tx) => {
    const current = await house.applications.lock(tx, application.id);
    const { from }: ApplicationTransition = APPLICATION_TRANSITIONS.issue;
    // Somebody else has completed it meanwhile.
    if (current && !from.includes(current.state)) return current;
    const issued = await house.applications.proceed(tx, application.id, {
      state: APPLICATION_TRANSITIONS.issue.to,
    });
    await house.audit.record(tx, {
      at: house.clock.now(),
      actor,
      action: APPLICATION_TRANSITIONS.issue.event,
      outcome: 'accepted',
      subject: origin,
      details: { version: issued.version },
    });
    return issued;
  });
}
