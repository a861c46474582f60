import { canonicalJson } from '../../core/canonical-json.ts';
import type { Certificate } from '../certificate.ts';
import { digest } from '../digest-algorithm.ts';
import { parseAdmission } from '../extensions/admission.ts';
import { AT, CE } from '../oid.ts';
import { PkiError } from '../pki-error.ts';

export const APPROVAL_SCHEMA = 'mohr-approval-1';

/** What an approving officer signs: exactly what will be certified, what it rests on, and who approves. */
export interface ApprovalDocument {
  schema: typeof APPROVAL_SCHEMA;
  application: { id: string; version: number; officeId: string; filedBy: string };
  certificate: CertifiedFacts;
  /** Evidence that each register says the same. */
  registerAnswers: { id: string; register: string; result: string; answeredAt: string }[];
  approvedBy: string;
  preparedAt: string;
  /** 128 random bits, base64url: no two documents have one digest. */
  nonce: string;
}

/** What will be certified, but for serial number and dates, which are drawn when it is. */
export interface CertifiedFacts extends SubjectFacts {
  authorityId: string;
  profileId: string;
  profileVersion: number;
  /** ISO 8601 duration from notBefore. */
  validity: string;
  councilNumber: { group: string; digits: string };
}

/** The part of it that can be read from the certificate. */
export interface SubjectFacts {
  /** In the order of the certificate, named as X.520 does. */
  subject: { type: string; value: string }[];
  /** Hexadecimal. */
  subjectPublicKeyInfoSha256: string;
  /** Of the admission; absent where the profile has none. */
  registrationNumber?: string;
}

const ATTRIBUTE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(AT).map(([name, type]) => [type, name]),
);

/** What a certificate says of its holder, as approval documents put it. */
export function subjectFacts(
  certificate: Pick<Certificate, 'subject' | 'subjectPublicKeyInfo' | 'extensions'>,
): SubjectFacts {
  const admission = certificate.extensions.get(CE.admission);
  const profession = admission && parseAdmission(admission.value).professionInfos[0];
  return {
    subject: certificate.subject.rdns
      .flat()
      .map(({ type, value }) => ({ type: ATTRIBUTE_NAMES.get(type) ?? type, value })),
    subjectPublicKeyInfoSha256: digest('sha256', certificate.subjectPublicKeyInfo).toString('hex'),
    ...(profession?.registrationNumber && { registrationNumber: profession.registrationNumber }),
  };
}

/** The octets that are signed (RFC 8785) and their SHA-256. */
export function encodeApprovalDocument(document: ApprovalDocument): { bytes: Buffer; digest: Buffer } {
  const bytes = Buffer.from(canonicalJson(document), 'utf8');
  return { bytes, digest: digest('sha256', bytes) };
}

/** Reads a document; throws PkiError `approval-malformed` unless the octets are its canonical form. */
export function parseApprovalDocument(bytes: Buffer): ApprovalDocument {
  const document = readJson(bytes);
  if (document?.schema !== APPROVAL_SCHEMA)
    throw new PkiError('approval-malformed', `the approval document is not of schema ${APPROVAL_SCHEMA}`);
  if (canonicalJson(document) !== bytes.toString('utf8'))
    throw new PkiError('approval-malformed', 'the approval document is not in its canonical form');
  return document as ApprovalDocument;
}

function readJson(bytes: Buffer): { schema?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Names of the facts that differ. */
export function differingFacts(
  approved: CertifiedFacts,
  actual: Partial<CertifiedFacts>,
): (keyof CertifiedFacts)[] {
  const names = Object.keys(actual) as (keyof CertifiedFacts)[];
  return names.filter((name) => comparable(approved[name]) !== comparable(actual[name]));
}

function comparable(value: unknown): string {
  return value === undefined ? '' : canonicalJson(value);
}
