import { randomBytes } from 'node:crypto';

import type { Transaction } from '../../core/transaction.ts';
import { APPROVAL_SCHEMA, encodeApprovalDocument } from '../../pki/approval/approval-document.ts';
import type { ApprovalDocument, ApprovedFacts } from '../../pki/approval/approval-document.ts';
import { assertReachable } from '../activation/start-activation.ts';
import { APPLICATION_ACTIONS, originOf } from '../application.ts';
import type { Application, ApplicationId } from '../application.ts';
import { assertDecidable } from '../decide-application.ts';
import { assertLicenceActive } from '../licence/assert-licence-active.ts';
import { assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import type { RequestOptions } from '../passkeys/passkey-ceremony.ts';
import { CHALLENGE_SECONDS } from '../passkeys/sign-in-with-passkey.ts';
import { readApplication } from '../read-applications.ts';
import { assertRegistersMatch } from '../registers/check-application.ts';
import type { RegisterAnswer } from '../registers/register-answer-store.ts';
import type { ApprovalHouse } from './approval-house.ts';

/** What an approving officer is shown in full, and asked to sign. */
export interface PreparedApproval {
  document: ApprovalDocument;
  /** The octets that are signed. */
  bytes: Buffer;
  digest: Buffer;
  /** Options for the officer's passkeys, whose challenge is the digest. */
  options: RequestOptions;
}

/**
 * Writes down exactly what approving would issue, and keeps it for five minutes: what comes back signed is compared with this.
 * Refused is whatever approving would be refused for now.
 */
export async function prepareApproval(
  house: ApprovalHouse,
  officer: Officer,
  id: ApplicationId,
): Promise<PreparedApproval> {
  assertRole(officer, APPLICATION_ACTIONS.approve.roles);
  const application = await readApplication(house, officer, id);
  const { facts, answers } = await assertIssuable(house, officer, application, application.version);
  const now = house.clock.now();
  const document = documentOf(application, officer, facts, answers, now);
  const { bytes, digest } = encodeApprovalDocument(document);
  const passkeys = await house.transactions.transaction(async (tx) => {
    await keep(house, tx, officer, id, { bytes, digest }, now);
    return house.passkeys.listOf(tx, officer.id);
  });
  return { document, bytes, digest, options: house.passkeyCeremony.requestOptions(digest, passkeys) };
}

function keep(
  { challenges }: ApprovalHouse,
  tx: Transaction,
  { id: officerId }: Officer,
  applicationId: ApplicationId,
  { bytes, digest }: { bytes: Buffer; digest: Buffer },
  now: Date,
): Promise<void> {
  const expiresAt = new Date(now.getTime() + CHALLENGE_SECONDS * 1000);
  return challenges.insert(
    tx,
    { purpose: 'approval', officerId, applicationId, challenge: digest, document: bytes, expiresAt },
    now,
  );
}

/**
 * What approving now would certify, and the evidence for it. Refuses what the registers or the Medical Council say against it, and
 * what the CA would refuse now (its key is away, the holder's was blocked since), before anything is written.
 */
export async function assertIssuable(
  house: ApprovalHouse,
  officer: Officer,
  application: Application,
  version: number,
): Promise<{ facts: ApprovedFacts; answers: RegisterAnswer[] }> {
  assertDecidable(application, officer, 'approve', version);
  await assertLicenceActive(house.licences, application.applicant);
  const answers = await assertRegistersMatch(house, application);
  await assertReachable(house, application);
  const request = { ...application, origin: originOf(application.id) };
  try {
    await house.issuer.checkReady(request);
    return { facts: await house.issuer.preview(request), answers };
  } catch (error) {
    // Somebody may have decided on it meanwhile: then they are told that, and not what came of it.
    assertDecidable(await readApplication(house, officer, application.id), officer, 'approve', version);
    throw error;
  }
}

const NONCE_OCTETS = 16;

function documentOf(
  { id, version, officeId, filedBy }: Application,
  officer: Officer,
  certificate: ApprovedFacts,
  answers: readonly RegisterAnswer[],
  now: Date,
): ApprovalDocument {
  return {
    schema: APPROVAL_SCHEMA,
    application: { id, version, officeId, filedBy },
    certificate,
    registerAnswers: answers.map((answer) => ({
      id: answer.id,
      register: answer.register,
      result: answer.result,
      answeredAt: answer.answeredAt.toISOString(),
    })),
    approvedBy: officer.id,
    preparedAt: now.toISOString(),
    nonce: randomBytes(NONCE_OCTETS).toString('base64url'),
  };
}
