import { canonicalJson } from '../../core/canonical-json.ts';
import { isObject } from '../../core/is-object.ts';
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
  certificate: ApprovedFacts;
  /** Evidence that each register says the same. */
  registerAnswers: { id: string; register: string; result: string; answeredAt: string }[];
  approvedBy: string;
  preparedAt: string;
  /** 128 random bits, base64url: no two documents have one digest. */
  nonce: string;
}

/** Stands where the key would: it is made on the holder's phone, after the approval, and comes with the activation. */
export const KEY_OF_ACTIVATION = 'of-the-activation';

/** What an officer approves: a certificate for a key that is known, or for the one of the activation. */
export type ApprovedFacts = CertifiedFacts | KeylessFacts;

export interface KeylessFacts extends Omit<CertifiedFacts, 'subjectPublicKeyInfoSha256'> {
  key: typeof KEY_OF_ACTIVATION;
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
  if (!hasItsParts(document))
    throw new PkiError('approval-malformed', 'the approval document lacks parts of its schema');
  if (canonicalJson(document) !== bytes.toString('utf8'))
    throw new PkiError('approval-malformed', 'the approval document is not in its canonical form');
  assertOneKey(document.certificate);
  return document;
}

/** What is read of it by name; a document of another process, or out of the database, may be anybody's. */
function hasItsParts(value: Partial<Record<keyof ApprovalDocument, unknown>>): value is ApprovalDocument {
  const { application, certificate, registerAnswers, approvedBy, preparedAt, nonce } = value;
  return (
    [application, certificate].every(isObject) &&
    Array.isArray(registerAnswers) &&
    registerAnswers.every(isObject) &&
    [approvedBy, preparedAt, nonce].every((text) => typeof text === 'string')
  );
}

/** Either the key's hash or the word for the key of the activation: a document with both would mean two things. */
function assertOneKey(facts: Partial<CertifiedFacts & KeylessFacts>): void {
  const isKeyless = facts.key === KEY_OF_ACTIVATION && facts.subjectPublicKeyInfoSha256 === undefined;
  const hasKey = facts.key === undefined && typeof facts.subjectPublicKeyInfoSha256 === 'string';
  if (!isKeyless && !hasKey)
    throw new PkiError('approval-malformed', 'the approval document does not say which key it is for');
}

/** The same facts with the key left open. */
export function keylessFacts<Facts extends Partial<CertifiedFacts>>(facts: Facts) {
  const { subjectPublicKeyInfoSha256: _, ...rest } = facts;
  return { ...rest, key: KEY_OF_ACTIVATION } as const;
}

export function isKeyless(facts: ApprovedFacts): facts is KeylessFacts {
  return 'key' in facts;
}

function readJson(bytes: Buffer): Partial<Record<keyof ApprovalDocument, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Names of the facts that differ. */
export function differingFacts(
  approved: ApprovedFacts,
  actual: Partial<CertifiedFacts> | Partial<KeylessFacts>,
): string[] {
  const [left, right]: Record<string, unknown>[] = [{ ...approved }, { ...actual }];
  return Object.keys(right).filter((name) => comparable(left[name]) !== comparable(right[name]));
}

function comparable(value: unknown): string {
  return value === undefined ? '' : canonicalJson(value);
}
