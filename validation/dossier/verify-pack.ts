import { parseNoteKey } from '../../audit/note/note-key.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import { isTlogProof } from '../../audit/note/tlog-proof.ts';
import { verifyEventProof } from '../../audit/prove-event.ts';
import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { EmbeddedRevocation } from '../../pki/cms/signed-data.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { DEFAULT_ALGORITHM_POLICY } from '../algorithm-policy.ts';
import type { ValidationPolicy } from '../policy.ts';
import type { SignatureReport, ValidationReport } from '../report.ts';
import type { StatusHistory } from '../status-history.ts';
import type { TrustStore } from '../trust-store.ts';
import { validateDocument } from '../validate-document.ts';
import { ValidationError } from '../validation-error.ts';
import type { ValidationEvidence } from '../validate-document.ts';
import type { SealedReport } from './dossier.ts';
import { PACK, contentFile, evidenceIdOf } from './pack-files.ts';
import { readSealedReport } from './read-sealed-report.ts';

export type PackCheck = 'seal' | 'report' | 'signature' | 'evidence' | 'log' | 'repetition';

export interface PackFinding {
  check: PackCheck;
  outcome: 'passed' | 'failed';
  /** For people; names no person. */
  detail: string;
}

export interface PackVerdict {
  holds: boolean;
  findings: PackFinding[];
  /** What the seal is on; absent when it cannot be read. */
  report?: SealedReport;
  /** When the seal is proven to exist. */
  sealedAt?: string;
}

export interface PackVerification {
  files: ReadonlyMap<string, Buffer>;
  /** Anchors that whoever asks brings along: the pack's own would prove nothing. */
  trust: TrustStore;
  clock: Clock;
  /** Keys of the log that whoever asks brings along; absent: those that stand under the seal. */
  logKeys?: readonly NoteKey[];
}

/** How long after the verdict the seal may have been made. */
const SEALED_WITHIN_SECONDS = 300;

/** Signatures are judged by the pack alone: no rules of the sector, whose answers stand under the seal. */
const PACK_POLICY: ValidationPolicy = {
  id: 'mohr-pack-1',
  algorithms: DEFAULT_ALGORITHM_POLICY,
  signingCertificateReference: 'checked-if-present',
  professionArc: '',
  rules: [],
};

/** Nobody's authorities are this program's own. */
const NO_HISTORY: StatusHistory = {
  authorityOf: () => Promise.resolve(undefined),
  changesOf: () => Promise.resolve([]),
};

/**
 * Checks an evidence pack without asking anybody: the seal as of now, or where that takes what only others know, as of its last time
 * stamp; that the pack is what was sealed; and the validation once more, as of when it was done. Never throws DomainError: what cannot be read is a finding.
 */
export async function verifyPack(pack: PackVerification): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const note = (check: PackCheck, isGood: boolean, detail: string) =>
    findings.push({ check, outcome: isGood ? 'passed' : 'failed', detail });
  const verdict = (more: Partial<PackVerdict> = {}): PackVerdict => ({
    holds: findings.length > 0 && findings.every(({ outcome }) => outcome === 'passed'),
    findings,
    ...more,
  });
  try {
    const evidence = evidenceOf(pack.files);
    const sealed = await checkSeal(pack, evidence, note);
    if (!sealed) return verdict();
    checkContents(pack.files, sealed.report, note);
    checkIssuance(pack, sealed.report, note);
    await checkRepetition(pack, sealed, evidence, note);
    return verdict({ report: sealed.report, sealedAt: sealed.at });
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    note('report', false, `the pack cannot be read: ${cause.detail}`);
    return verdict();
  }
}

type Note = (check: PackCheck, isGood: boolean, detail: string) => void;

interface Sealed {
  report: SealedReport;
  at: string;
}

async function checkSeal(
  { files, trust, clock }: PackVerification,
  evidence: ValidationEvidence,
  note: Note,
): Promise<Sealed | undefined> {
  const seal = files.get(PACK.seal);
  if (!seal) {
    note('seal', false, `${PACK.seal} is missing`);
    return undefined;
  }
  const asOf = (moment: Date) =>
    validateDocument({
      signature: seal,
      trust,
      policy: PACK_POLICY,
      statusHistory: NO_HISTORY,
      clock: { now: () => moment },
      evidence,
    });
  const now = await asOf(clock.now());
  // Nobody is asked, so that nothing is known of what came after the last time stamp: the seal is judged as of then.
  const stamped = lastStampOf(now);
  const validated =
    now.indication === 'TOTAL-PASSED' || !stamped || stamped > clock.now() ? now : await asOf(stamped);
  const [signature] = validated.signatures as (SignatureReport | undefined)[];
  const name = [validated.indication, validated.subIndication].filter(Boolean).join('/');
  const isGood = validated.indication === 'TOTAL-PASSED' && validated.signatures.length === 1;
  note('seal', isGood, `the seal on the report is ${name}, as of ${validated.validatedAt}`);
  const { report, payload } = readSealedReport(seal);
  note('report', files.get(PACK.report)?.equals(payload) === true, `${PACK.report} is what is sealed`);
  const at = signature?.bestSignatureTime.at ?? validated.validatedAt;
  if (signature?.bestSignatureTime.source === 'time-stamp') {
    const late = (Date.parse(at) - Date.parse(report.Report.validatedAt)) / 1000;
    note('seal', late <= SEALED_WITHIN_SECONDS, `sealed ${Math.round(late)} s after the verdict`);
  }
  return { report, at };
}

function lastStampOf({ signatures }: ValidationReport): Date | undefined {
  const times = signatures
    .flatMap(({ timeStamps }) => timeStamps)
    .flatMap(({ genTime, accuracyMilliseconds = 0 }) =>
      genTime === undefined ? [] : [Date.parse(genTime) + accuracyMilliseconds],
    );
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** What was validated, and each piece of evidence, against the hashes under the seal; nothing more and nothing less. */
function checkContents(files: ReadonlyMap<string, Buffer>, report: SealedReport, note: Note): void {
  const signature = files.get(PACK.signature);
  const expected = report.SignatureValidationReport.map(
    ({ SignatureIdentifier }) => SignatureIdentifier.DigestAlgAndValue.DigestValue,
  );
  const isTheSame = signature !== undefined && expected.every((value) => value === sha256(signature));
  note('signature', isTheSame && expected.length > 0, `${PACK.signature} is what was validated`);
  const listed = new Map(
    report.SignatureValidationObjects.ValidationObject.map(({ id, ValidationObjectRepresentation }) => [
      id,
      ValidationObjectRepresentation.DigestAlgAndValue.DigestValue,
    ]),
  );
  const found = [...files].flatMap(([name, bytes]) => {
    const id = name.startsWith(PACK.evidence) ? evidenceIdOf(name) : undefined;
    return name.startsWith(PACK.evidence) ? [{ id, value: sha256(bytes) }] : [];
  });
  const strange = found.filter(({ id, value }) => id === undefined || listed.get(id) !== value);
  const missing = [...listed.keys()].filter((id) => !found.some((one) => one.id === id));
  const detail = `${found.length} pieces of evidence: ${strange.length} not as sealed, ${missing.length} missing`;
  note('evidence', strange.length === 0 && missing.length === 0, detail);
}

/** Each proof of an issuance against the certificate that it is of, which is in the pack too. */
function checkIssuance(
  { files, logKeys }: PackVerification,
  { LogKeys = [] }: SealedReport,
  note: Note,
): void {
  const certificates = new Set(
    [...files].flatMap(([name, bytes]) =>
      evidenceIdOf(name)?.startsWith('certificate-') ? [digest('sha256', bytes).toString('hex')] : [],
    ),
  );
  for (const [name, bytes] of files) {
    if (evidenceIdOf(name) === undefined || !isTlogProof(bytes)) continue;
    try {
      const keys = logKeys ?? LogKeys.map(parseNoteKey);
      const { leaf, leafIndex, checkpoint } = verifyEventProof(bytes.toString('utf8'), keys);
      const isIssuance = ISSUANCES.includes(leaf.action) && leaf.outcome === 'accepted';
      const isOfPack = isIssuance && certificates.has(String(leaf.details['sha256']));
      const where = `leaf ${leafIndex} of ${checkpoint.size} of the log ${checkpoint.origin}`;
      note('log', isOfPack, `${leaf.subject} was issued at ${leaf.at}: ${where}`);
    } catch (cause) {
      if (!(cause instanceof DomainError)) throw cause;
      note('log', false, `that the certificate was issued is not proven: ${cause.detail}`);
    }
  }
}

/** Events that a certificate comes of. */
const ISSUANCES = ['issue-certificate', 'import-certificate'];

async function checkRepetition(
  { files, trust }: PackVerification,
  { report: { Report: sealed }, at }: Sealed,
  evidence: ValidationEvidence,
  note: Note,
): Promise<void> {
  const signature = files.get(PACK.signature);
  if (!signature) return;
  const content = files.get(PACK.content);
  const contentsByName = contentsOf(files);
  // Evidence was collected between the verdict and the seal.
  const moment = new Date(Math.max(Date.parse(sealed.validatedAt), Date.parse(at)));
  const { proofOfExistence: proof } = sealed;
  const repeated = await validateDocument({
    signature,
    ...(content && { content }),
    ...(contentsByName && { contentsByName }),
    ...(proof.source === 'receipt-time' && { receivedAt: new Date(proof.at) }),
    trust,
    policy: PACK_POLICY,
    statusHistory: NO_HISTORY,
    clock: { now: () => moment },
    evidence,
  });
  const isGood =
    repeated.cryptographic === sealed.cryptographic &&
    (sealed.indication !== 'TOTAL-PASSED' || repeated.indication === 'TOTAL-PASSED');
  const name = [repeated.indication, repeated.subIndication].filter(Boolean).join('/');
  note(
    'repetition',
    isGood,
    `validated again from the pack alone: ${name}, cryptography ${repeated.cryptographic}`,
  );
}

/** Several documents under their names; throws ValidationError `report-malformed`. A wrong name or document is found by the signature. */
function contentsOf(files: ReadonlyMap<string, Buffer>): Map<string, Buffer> | undefined {
  const list = files.get(PACK.contentNames);
  if (!list) return undefined;
  const names = namesIn(list);
  if (!names) throw new ValidationError('report-malformed', `${PACK.contentNames} is no list of names`);
  return new Map(
    names.flatMap((name, index) => {
      const bytes = files.get(contentFile(index));
      return bytes ? [[name, bytes] as const] : [];
    }),
  );
}

function namesIn(list: Buffer): string[] | undefined {
  try {
    const names: unknown = JSON.parse(list.toString('utf8'));
    const isList = Array.isArray(names) && names.every((name) => typeof name === 'string');
    return isList ? names : undefined;
  } catch {
    return undefined;
  }
}

const REVOCATION_KINDS: Record<string, EmbeddedRevocation['kind']> = {
  crl: 'crl',
  'ocsp-response': 'ocsp-response',
};

/** Certificates that cannot be read prove nothing, and hide nothing: their hashes are looked at all the same. */
function evidenceOf(files: ReadonlyMap<string, Buffer>): ValidationEvidence {
  const certificates: Certificate[] = [];
  const revocation: EmbeddedRevocation[] = [];
  for (const [name, bytes] of files) {
    const kind = evidenceIdOf(name)?.replace(/-[0-9a-f]{64}$/, '');
    if (kind === undefined) continue;
    if (kind === 'certificate') certificates.push(...readCertificate(bytes));
    else if (kind in REVOCATION_KINDS) revocation.push({ kind: REVOCATION_KINDS[kind], bytes });
  }
  return { certificates, revocation };
}

function readCertificate(bytes: Buffer): Certificate[] {
  try {
    return [parseCertificate(bytes)];
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return [];
  }
}

function sha256(bytes: Buffer): string {
  return digest('sha256', bytes).toString('base64');
}
