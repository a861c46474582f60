import { addDuration, parseDuration } from '../../core/duration.ts';
import type { Transaction } from '../../core/transaction.ts';
import { DomainError, unreachable } from '../../core/errors.ts';
import {
  differingFacts,
  isKeyless,
  keylessFacts,
  parseApprovalDocument,
} from '../../pki/approval/approval-document.ts';
import type { ApprovalDocument } from '../../pki/approval/approval-document.ts';
import { approvalProofFault } from '../../pki/approval/approval-proof.ts';
import { CaError } from '../ca-error.ts';
import type { IssuanceRequest } from '../issue/issuance-request.ts';
import type { Profile, Purpose } from '../profile.ts';
import type { AboutToSign } from './about-to-sign.ts';
import type { ApprovalCredentials } from './approval-credentials.ts';
import { assertActivated } from './assert-activated.ts';
import type { IssuanceAuthorization, OfficerApproval } from './issuance-authorization.ts';

/** What each authorization may be used for: an exemption is no way around an approval for something else. */
const PURPOSES: Readonly<Record<IssuanceAuthorization['kind'], readonly Purpose[]>> = {
  approval: ['signing', 'authentication'],
  'holder-signature': ['signing'],
  'holder-session': ['signing'],
  'campaign-exemption': ['signing', 'authentication'],
  'service-exemption': ['ocsp-responder', 'time-stamping'],
  'officer-change-exemption': ['officer'],
};

/** Refuses what nothing lets the CA issue; throws CaError `authorization-missing`. Signatures are not looked at yet. */
export function requiredAuthorization(
  request: Pick<IssuanceRequest, 'authorization' | 'isRenewal' | 'replaces'>,
  { purpose, id }: Profile,
): IssuanceAuthorization {
  const { authorization } = request;
  if (!authorization) throw missing(`nothing approves this certificate of profile ${id}`);
  if (!PURPOSES[authorization.kind].includes(purpose))
    throw missing(`${authorization.kind} is not for profile ${id}`);
  switch (authorization.kind) {
    case 'approval':
    case 'service-exemption':
      return authorization;
    case 'holder-signature':
    case 'holder-session':
      if (!request.isRenewal || !request.replaces) throw missing('a holder signs for renewals only');
      return authorization;
    case 'campaign-exemption':
      assertTwo(authorization.filedBy, authorization.approvedBy);
      return authorization;
    case 'officer-change-exemption':
      assertTwo(authorization.requestedBy, authorization.confirmedBy);
      return authorization;
    default:
      return unreachable(authorization);
  }
}

/** How events name what a certificate rests on. */
export function authorizationText(authorization: IssuanceAuthorization): string {
  switch (authorization.kind) {
    case 'approval':
      return authorization.kind;
    case 'holder-signature':
    case 'holder-session':
      return authorization.kind;
    case 'campaign-exemption':
      return `${authorization.kind} ${authorization.campaign}`;
    case 'service-exemption':
      return authorization.kind;
    case 'officer-change-exemption':
      return `${authorization.kind} ${authorization.changeId}`;
    default:
      return unreachable(authorization);
  }
}

/**
 * Verifies an officer's approval against the very octets that are about to be signed: whoever handed both over is not believed.
 * An approval that leaves the key open needs the activation that brought it. Throws CaError `approval-differs`,
 * `activation-missing`, `approval-credential` or `approval-signature`.
 */
export async function assertApproved(
  tx: Transaction,
  about: AboutToSign,
  approval: OfficerApproval,
  credentials: ApprovalCredentials,
): Promise<void> {
  const document = readDocument(approval.document);
  const isOpen = isKeyless(document.certificate);
  const actual = isOpen ? keylessFacts(about.actual) : about.actual;
  const differing = differingFacts(document.certificate, actual);
  if (about.origin !== `application:${document.application.id}`) differing.push('application');
  if (about.period && !isOfDuration(about.period, document.certificate.validity)) differing.push('validity');
  if (differing.length > 0)
    throw new CaError('approval-differs', `not what was approved: ${differing.join(', ')}`);
  if (isOpen) assertActivated(about, document, approval.activation);
  else if (approval.activation)
    throw new CaError('approval-differs', 'an approval of a key that is known is not activated with another');
  const { approvedBy, application } = document;
  if (approvedBy === application.filedBy)
    throw new CaError('approval-credential', 'whoever filed an application cannot approve it');
  const credential = await credentials.find(tx, approval.proof, approval.approvedAt);
  if (credential?.officerId !== approvedBy)
    throw new CaError('approval-credential', 'no credential of the approving officer signed the approval');
  const fault = approvalProofFault(approval.document, approval.proof, credential.key);
  if (fault !== undefined)
    throw new CaError('approval-signature', `the approval's signature does not hold: ${fault}`);
}

/** notAfter is the last second inside the period. */
function isOfDuration(
  { notBefore, notAfter }: NonNullable<AboutToSign['period']>,
  validity: string,
): boolean {
  return notAfter.getTime() === addDuration(notBefore, parseDuration(validity)).getTime() - 1000;
}

function readDocument(bytes: Buffer): ApprovalDocument {
  try {
    return parseApprovalDocument(bytes);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new CaError('approval-differs', cause.detail, { cause });
  }
}

function assertTwo(one: string, other: string): void {
  if (one === other) throw missing('two officers have to agree');
}

function missing(detail: string): CaError {
  return new CaError('authorization-missing', detail);
}
