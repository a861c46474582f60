import type { CertificateRecordRow, EventRow, PgRecords } from '../../db/pg-records.ts';
import type { StatusChange, StatusEvent } from '../../pki/certificate-status.ts';
import { isSignedBy, parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { Issuers } from './issuers.ts';
import { readable } from './readable.ts';

const PAGE_ROWS = 500;

/** Every certificate against its intent, its issuer, its status history and the audit log. */
export async function* checkCertificates(records: PgRecords, issuers: Issuers): AsyncGenerator<Finding> {
  for await (const page of records.certificates(PAGE_ROWS)) {
    const changes = groupBy(await records.changesOf(page), subjectOf);
    const events = groupBy(await records.eventsOf(page.map(subjectOf)), ({ subject }) => subject);
    for (const row of page) {
      const subject = subjectOf(row);
      yield* checkRow(row, (await issuers.of(row.authorityId))?.certificate);
      const history = changes.get(subject) ?? [];
      const told = events.get(subject) ?? [];
      yield* checkHistory(subject, history, row, told);
      yield* checkEvents(subject, history, told);
      yield* checkIntended(subject, row, told);
    }
  }
}

/** How findings name a certificate. */
function subjectOf({ authorityId, serialNumber }: { authorityId: string; serialNumber: Buffer }): string {
  return `certificate:${authorityId}/${serialNumber.toString('hex')}`;
}

function* checkRow(row: CertificateRecordRow, issuer: Certificate | undefined): Generator<Finding> {
  const finding = (code: FindingCode, detail: string): Finding => ({ code, subject: subjectOf(row), detail });
  if (!digest('sha256', row.der).equals(row.sha256))
    yield finding('certificate-fingerprint', 'the SHA-256 column is not that of the certificate');
  if (!row.intent) yield finding('certificate-without-intent', 'no intent was written before it was signed');
  const certificate = readable(parseCertificate, row.der);
  if (!certificate) {
    yield finding('certificate-unreadable', 'the certificate cannot be read');
    return;
  }
  if (!issuer || !isSignedBy(certificate, publicKeyOf(issuer)))
    yield finding('certificate-signature', `the key of ${row.authorityId} did not sign it`);
  const { intent } = row;
  if (intent && !intent.tbsCertificate.equals(certificate.tbsCertificate))
    yield finding('certificate-tbs-differs', 'what is signed is not what was intended');
  if (intent && !digest('sha256', certificate.subjectPublicKeyInfo).equals(intent.spkiSha256))
    yield finding('certificate-key-hash', 'the key hash of the intent is not that of its key');
  const columns = differingColumns(row, certificate);
  if (columns.length > 0)
    yield finding(
      'certificate-columns',
      `${columns.join(', ')}: not what the certificate or its intent says`,
    );
}

function differingColumns(row: CertificateRecordRow, certificate: Certificate): string[] {
  const { intent = row } = row;
  const isRight = {
    serial_number: row.serialNumber.equals(certificate.serialNumber),
    not_before: row.notBefore.getTime() === certificate.notBefore.getTime(),
    not_after: row.notAfter.getTime() === certificate.notAfter.getTime(),
    profile_id: row.profileId === intent.profileId,
    origin: row.origin === intent.origin,
  };
  return Object.entries(isRight).flatMap(([name, right]) => (right ? [] : [name]));
}

/** Which event may follow which; undefined: the beginning. */
const FOLLOWS: Record<StatusEvent, readonly (StatusEvent | undefined)[]> = {
  issued: [undefined],
  held: ['issued', 'released'],
  released: ['held'],
  revoked: ['issued', 'released', 'held'],
};

/** Both are of one transaction, each by a look at the clock, in whole seconds. */
const APART_MILLISECONDS_MAX = 60_000;

const isOfOneMoment = (one: Date, other: Date) =>
  Math.abs(one.getTime() - other.getTime()) <= APART_MILLISECONDS_MAX;

/** What an offline CA has issued is in force since its notBefore, and known here since somebody imported it. */
function isIssuedAt(issuedAt: Date, first: StatusChange, events: readonly EventRow[]): boolean {
  if (first.effectiveAt.getTime() === issuedAt.getTime()) return true;
  return events.some(({ action, at }) => action === 'import-certificate' && isOfOneMoment(at, issuedAt));
}

function* checkHistory(
  subject: string,
  changes: readonly StatusChange[],
  { issuedAt }: CertificateRecordRow,
  events: readonly EventRow[],
): Generator<Finding> {
  if (changes[0]?.event !== 'issued') {
    const first = changes[0]?.event ?? 'missing';
    yield { code: 'status-not-issued', subject, detail: `the first change of its history is ${first}` };
  }
  if (changes[0]?.event === 'issued' && !isIssuedAt(issuedAt, changes[0], events))
    yield { code: 'certificate-columns', subject, detail: 'issued_at: not when its history begins' };
  let last: StatusChange | undefined;
  for (const change of changes) {
    // No event that the table's check lets in is unknown; whoever took the check away is named, too.
    const precedents: readonly (StatusEvent | undefined)[] | undefined = FOLLOWS[change.event];
    if (last && !precedents?.includes(last.event)) {
      const detail = `change ${change.changeNumber}: ${change.event} after ${last.event}`;
      yield { code: 'status-transition', subject, detail };
    }
    if (last && change.effectiveAt < last.effectiveAt)
      yield {
        code: 'status-time',
        subject,
        detail: `change ${change.changeNumber} takes effect before the one it follows`,
      };
    last = change;
  }
}

const ISSUING = ['issue-certificate', 'import-certificate'];

const ACTIONS: Record<Exclude<StatusEvent, 'issued'>, string> = {
  held: 'hold-certificate',
  released: 'release-certificate',
  revoked: 'revoke-certificate',
};

function* checkEvents(
  subject: string,
  changes: readonly StatusChange[],
  events: readonly EventRow[],
): Generator<Finding> {
  if (!events.some(({ action }) => ISSUING.includes(action)))
    yield { code: 'event-missing', subject, detail: 'no audit event says that it was issued' };
  for (const { event, changeNumber } of changes) {
    if (event === 'issued') continue;
    const found = events.some((one) => one.action === ACTIONS[event] && one.changeNumber === changeNumber);
    if (!found)
      yield {
        code: 'event-missing',
        subject,
        detail: `no audit event ${ACTIONS[event]} of change ${changeNumber}`,
      };
  }
}

/** An intent against the event that was written with it. */
function* checkIntended(
  subject: string,
  { intent }: CertificateRecordRow,
  events: readonly EventRow[],
): Generator<Finding> {
  const told = events.find(({ action }) => action === 'intend-certificate');
  if (!intent || !told) return;
  const isRight = {
    profile_version:
      told.profile === undefined || told.profile === `${intent.profileId}@${intent.profileVersion}`,
    origin: told.origin === undefined || told.origin === intent.origin,
    intended_at: isOfOneMoment(told.at, intent.intendedAt),
  };
  const differing = Object.entries(isRight).flatMap(([name, right]) => (right ? [] : [name]));
  if (differing.length > 0)
    yield {
      code: 'row-differs',
      subject,
      detail: `${differing.join(', ')}: not what the event of the intent tells`,
    };
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}
