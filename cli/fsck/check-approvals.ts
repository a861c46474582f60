import type { ApprovalRecordRow, RecordedKey } from '../../db/approval-records.ts';
import type { PgRecords } from '../../db/pg-records.ts';
import { addDuration, parseDuration } from '../../core/duration.ts';
import { foldPersian } from '../../core/persian-text.ts';
import { DomainError } from '../../core/errors.ts';
import {
  differingFacts,
  encodeApprovalDocument,
  isKeyless,
  parseApprovalDocument,
  subjectFacts,
} from '../../pki/approval/approval-document.ts';
import type { ApprovalDocument } from '../../pki/approval/approval-document.ts';
import { approvalProofFault } from '../../pki/approval/approval-proof.ts';
import type { ApprovalKey } from '../../pki/approval/approval-proof.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { Finding, FindingCode } from './finding.ts';

const PAGE_ROWS = 500;

/**
 * Every signed approval against the credential that signed it, the application that it is of, and the certificate that came of it.
 * Whatever has a certificate rests on an approval, or on an exemption that is on record.
 */
export async function* checkApprovals(records: PgRecords): AsyncGenerator<Finding> {
  for await (const page of records.approvals(PAGE_ROWS)) for (const row of page) yield* checkApproval(row);
  for (const subject of await records.subjects('approvedWithoutApproval'))
    yield {
      code: 'approval-missing',
      subject,
      detail: 'nobody has signed for it, and no exemption is on record',
    };
  for (const subject of await records.subjects('certificatesWithoutCase'))
    yield {
      code: 'approval-missing',
      subject,
      detail: 'no application and no confirmed change stands behind it',
    };
  for (const subject of await records.subjects('exemptedWithoutCampaign'))
    yield {
      code: 'approval-missing',
      subject,
      detail: 'it is exempted for a campaign that no event tells of',
    };
}

function* checkApproval(row: ApprovalRecordRow): Generator<Finding> {
  const subject = `application:${row.applicationId}`;
  const finding = (code: FindingCode, detail: string): Finding => ({ code, subject, detail });
  const document = readDocument(row.document);
  if (!document) {
    yield finding('approval-unreadable', 'what was signed is not an approval document');
    return;
  }
  if (!encodeApprovalDocument(document).digest.equals(row.documentSha256))
    yield finding('approval-columns', 'the digest is not that of what was signed');
  const differing = differingFromApplication(row, document);
  if (differing.length > 0)
    yield finding('approval-differs', `${differing.join(', ')}: not what the officer signed`);
  yield* checkSigner(row, document, finding);
  const certificate = row.certificate && readCertificate(row.certificate);
  if (certificate) yield* checkCertificate(certificate, row, document, finding);
}

type Find = (code: FindingCode, detail: string) => Finding;

function* checkSigner(row: ApprovalRecordRow, document: ApprovalDocument, finding: Find): Generator<Finding> {
  const { credential } = row;
  if (row.approvedBy !== document.approvedBy || row.approvedBy === row.filedBy)
    yield finding('approval-credential', 'it is not of a second officer');
  if (!credential || credential.officerId !== row.approvedBy) {
    yield finding('approval-credential', 'the credential that signed it is not of the approving officer');
    return;
  }
  if (!credential.wasInForce)
    yield finding('approval-credential', 'the credential was not in force when it signed');
  const fault = proofFault(row, credential.key);
  if (fault !== undefined) yield finding('approval-signature', `the signature does not hold: ${fault}`);
}

/** A key or a proof that is damaged is a fault of the row, never of whoever checks it. */
function proofFault({ document, proof }: ApprovalRecordRow, recorded: RecordedKey): string | undefined {
  if (Object.values(proof).includes(null)) return 'parts of it are missing';
  const key: ApprovalKey | undefined =
    recorded.method === 'passkey'
      ? recorded
      : orUndefined(() => ({ method: recorded.method, certificate: parseCertificate(recorded.certificate) }));
  if (!key) return 'its certificate cannot be read';
  try {
    return approvalProofFault(document, proof, key);
  } catch (error) {
    if (error instanceof DomainError) return String(error.code);
    throw error;
  }
}

function differingFromApplication(
  row: ApprovalRecordRow,
  { application, certificate }: ApprovalDocument,
): string[] {
  const isRight = {
    application: application.id === row.applicationId,
    version: application.version === row.applicationVersion,
    filedBy: application.filedBy === row.filedBy,
    office: application.officeId === row.officeId,
    applicant: isOfApplicant(certificate.subject, row.applicant),
    certificationRequest: isOfKey(row, certificate),
    profile: certificate.profileId === row.profileId,
    authority: certificate.authorityId === row.authorityId,
    subjectPublicKeyInfo:
      isKeyless(certificate) || certificate.subjectPublicKeyInfoSha256 === row.spkiSha256?.toString('hex'),
    delivery: isKeyless(certificate) === (row.delivery === 'phone'),
    councilNumber:
      certificate.councilNumber.group === row.councilNumber.group &&
      certificate.councilNumber.digits === row.councilNumber.digits,
  };
  return Object.entries(isRight).flatMap(([name, right]) => (right ? [] : [name]));
}

/** Whether an attribute of the subject says what was filed, in the ways in which profiles write it. */
const SAYS: Readonly<Record<string, (value: string, filed: ApprovalRecordRow['applicant']) => boolean>> = {
  // Whose number it is may stand before it (EN 319 412-1 §5.1.3).
  serialNumber: (value, { nationalId }) => value.replace(/^[A-Z]{5}-/, '') === nationalId,
  givenName: (value, { givenName }) => value === foldPersian(givenName),
  surname: (value, { surname }) => value === foldPersian(surname),
  // What it is for stands behind it, in brackets.
  commonName: (value, { latinName }) => value === latinName || value.startsWith(`${latinName} [`),
};

function isOfApplicant(
  subject: ApprovalDocument['certificate']['subject'],
  applicant: ApprovalRecordRow['applicant'],
): boolean {
  return subject.every(({ type, value }) => SAYS[type]?.(value, applicant) ?? true);
}

/** What was filed with a key proves that key. */
function isOfKey(
  { certificationRequest }: ApprovalRecordRow,
  certificate: ApprovalDocument['certificate'],
): boolean {
  // Of the activation, which is checked by itself.
  if (isKeyless(certificate)) return true;
  const request = certificationRequest && orUndefined(() => parseCertificationRequest(certificationRequest));
  return (
    request !== undefined &&
    digest('sha256', request.subjectPublicKeyInfo).toString('hex') === certificate.subjectPublicKeyInfoSha256
  );
}

function* checkCertificate(
  certificate: Certificate,
  row: ApprovalRecordRow,
  { certificate: approved }: ApprovalDocument,
  finding: Find,
): Generator<Finding> {
  const { subjectPublicKeyInfoSha256, ...others } = subjectFacts(certificate);
  const differing = differingFacts(approved, {
    ...others,
    ...(!isKeyless(approved) && { subjectPublicKeyInfoSha256 }),
  });
  const end = addDuration(certificate.notBefore, parseDuration(approved.validity)).getTime();
  // notAfter is the last second inside the period.
  if (certificate.notAfter.getTime() !== end - 1000) differing.push('validity');
  if (differing.length > 0)
    yield finding('approval-differs', `${differing.join(', ')}: the certificate says otherwise`);
  if (row.intentApprovalSha256 && !row.intentApprovalSha256.equals(row.documentSha256))
    yield finding('approval-differs', 'its certificate was issued on another approval');
  if (isKeyless(approved)) yield* checkActivation(certificate, row, finding);
}

/** An approval that left the key open: somebody has activated after it, and holds the key that was certified. */
function* checkActivation(
  certificate: Certificate,
  { activation, approvedAt }: ApprovalRecordRow,
  finding: Find,
): Generator<Finding> {
  if (!activation) {
    yield finding('activation-missing', 'its approval leaves the key open, and nobody has activated it');
    return;
  }
  if (activation.usedAt < approvedAt)
    yield finding('activation-differs', 'it was activated before it was approved');
  const request = orUndefined(() => parseCertificationRequest(activation.certificationRequest));
  if (!request?.subjectPublicKeyInfo.equals(certificate.subjectPublicKeyInfo))
    yield finding(
      'activation-differs',
      'the request of the activation does not prove the key of the certificate',
    );
}

function readDocument(bytes: Buffer): ApprovalDocument | undefined {
  return orUndefined(() => parseApprovalDocument(bytes));
}

/** One that cannot be read is found by the check of certificates. */
function readCertificate(bytes: Buffer): Certificate | undefined {
  return orUndefined(() => parseCertificate(bytes));
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
