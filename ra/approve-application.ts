import type { AuditEvent } from '../audit/audit-event.ts';
import { parseApprovalDocument } from '../pki/approval/approval-document.ts';
import { digest } from '../pki/digest-algorithm.ts';
import { activationToStart, awaitActivation } from './activation/start-activation.ts';
import { APPLICATION_ACTIONS } from './application.ts';
import type { Application } from './application.ts';
import type { ApprovalHouse } from './approval/approval-house.ts';
import type { Approval } from './approval/approval-store.ts';
import { assertIssuable } from './approval/prepare-approval.ts';
import { signedApproval } from './approval/signed-approval.ts';
import type { SubmittedProof } from './approval/signed-approval.ts';
import { lockDecidable, recordDecision } from './decide-application.ts';
import type { DecisionInput } from './decide-application.ts';
import { issueFor } from './issue-approved.ts';
import { attempting } from './lockout.ts';
import { actorOf, assertRole } from './officer.ts';
import type { Officer } from './officer.ts';
import { RaError } from './ra-error.ts';
import { readApplication } from './read-applications.ts';

export interface ApprovalInput extends DecisionInput {
  /** Absent: refused, once everything else about the request is right. */
  proof?: SubmittedProof;
}

/**
 * The second officer approves, and the certificate is issued, or waits for its holder to activate it. What the registers or the Medical Council say against it, and what
 * the CA would refuse now (its key is away, the holder's was blocked since), is refused before anything is written. The approval is durable first: a crash after it leaves an approved
 * application, which `issueApproved` completes.
 */
export async function approveApplication(
  house: ApprovalHouse,
  officer: Officer,
  input: ApprovalInput,
): Promise<Application> {
  const application = await recordApproval(house, officer, input);
  return application.state === 'approved' ? issueFor(house, application, actorOf(officer)) : application;
}

/** The first half: verifies and keeps the approval, with the activation that it starts. Throws RaError `approval-unsigned` and whatever `signedApproval` throws. */
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
  const activation = await activationToStart(house, seen, officer);
  const recorded = await attempting(house, [`officer:${officer.id}`], () =>
    house.transactions.transaction(async (tx) => {
      const application = await lockDecidable(house, tx, officer, 'approve', input);
      const approval = await signedApproval(house, tx, officer, application, facts, proof);
      await house.approvals.insert(tx, approval);
      await house.lockouts.clear(tx, `officer:${officer.id}`);
      const approved = await recordDecision(house, tx, officer, 'approve', input, detailsOf(approval));
      return activation ? awaitActivation(house, tx, officer, approved, activation) : approved;
    }),
  );
  if (activation) house.onQueued();
  return recorded;
}

function detailsOf({ document, proof }: Approval): AuditEvent['details'] {
  const { registerAnswers } = parseApprovalDocument(document);
  return {
    registerAnswers: registerAnswers.map(({ id }) => id).join(' '),
    approvalSha256: digest('sha256', document).toString('hex'),
    method: proof.method,
  };
}
