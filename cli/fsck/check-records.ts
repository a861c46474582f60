import type { PgRecords } from '../../db/pg-records.ts';
import type { OpenQuestion, RecordQuestion } from '../../db/record-questions.ts';
import { isSignedBy, publicKeyOf } from '../../pki/certificate.ts';
import { checkApprovals } from './check-approvals.ts';
import { checkCertificates } from './check-certificates.ts';
import { checkCrls } from './check-crls.ts';
import { checkPasskeys } from './check-passkeys.ts';
import { checkRenewals } from './check-renewals.ts';
import { checkTold } from './check-told.ts';
import type { Finding, FindingCode } from './finding.ts';
import { Issuers } from './issuers.ts';
import type { IsUnderWay } from './under-way.ts';

// Nothing of ca/ is imported in this folder but for the repair: a fault of the issuer is not checked by the issuer.

interface Question {
  ask: RecordQuestion;
  code: FindingCode;
  detail: string;
}

/** Checks that one SQL statement answers for all rows. */
const QUESTIONS: readonly Question[] = [
  { ask: 'missingChanges', code: 'change-number-gap', detail: 'no change has this number' },
  { ask: 'missingCounter', code: 'change-counter', detail: 'there is not exactly one counter' },
  { ask: 'wrongCounter', code: 'change-counter', detail: 'the counter is not the number of the last change' },
  { ask: 'changesOfNoCertificate', code: 'status-of-no-certificate', detail: 'it is of no certificate' },
  {
    ask: 'certificatesWithoutApplication',
    code: 'certificate-without-application',
    detail: 'the application that it names does not exist',
  },
  {
    ask: 'issuedApplicationsWithoutCertificate',
    code: 'application-without-certificate',
    detail: 'it is issued and has no certificate',
  },
  {
    ask: 'certificatesWithoutRenewal',
    code: 'certificate-without-application',
    detail: 'the renewal that it names does not exist',
  },
  { ask: 'holdsWithoutCause', code: 'hold-without-cause', detail: 'it is on hold and nothing says why' },
  {
    ask: 'causesWithoutHold',
    code: 'cause-without-hold',
    detail: 'a cause of a hold stands, and it is good',
  },
  {
    ask: 'issuedWithoutActivation',
    code: 'activation-missing',
    detail: 'it was issued and nobody has activated it',
  },
  {
    ask: 'activationsWithoutEvent',
    code: 'event-missing',
    detail: 'no audit event says that it was activated',
  },
];

/** What a running service completes in a moment: wrong once it stays. */
const OPEN_QUESTIONS: readonly { ask: OpenQuestion; code: FindingCode; detail: string }[] = [
  { ask: 'openIntents', code: 'intent-open', detail: 'an issuance was interrupted; --repair completes it' },
  {
    ask: 'approvedApplications',
    code: 'application-open',
    detail: 'it is approved, or activated, and not issued; --repair completes it',
  },
];

/**
 * Checks all that the deployment has recorded; yields what is wrong, row by row. A service may go on meanwhile: rows are read before those
 * that have to be there with them, or in one statement with them; and what is under way is not wrong yet.
 */
export async function* checkRecords(
  records: PgRecords,
  isUnderWay: IsUnderWay = () => false,
): AsyncGenerator<Finding> {
  const issuers = new Issuers(records);
  yield* checkAuthorities(records, issuers);
  yield* checkCertificates(records, issuers);
  yield* checkApprovals(records);
  yield* checkRenewals(records, isUnderWay);
  for (const { ask, code, detail } of QUESTIONS) {
    for (const subject of await records.subjects(ask)) yield { code, subject, detail };
  }
  for (const { ask, code, detail } of OPEN_QUESTIONS) {
    for (const { subject, since } of await records.open(ask))
      if (!since || !isUnderWay(since)) yield { code, subject, detail };
  }
  yield* checkCrls(records, issuers);
  yield* checkPasskeys(records);
  yield* checkTold(records);
}

async function* checkAuthorities(records: PgRecords, issuers: Issuers): AsyncGenerator<Finding> {
  for (const { id, issuerId = id } of await records.authorities()) {
    const subject = `authority:${id}`;
    const certificate = (await issuers.of(id))?.certificate;
    const issuer = (await issuers.of(issuerId))?.certificate;
    if (!certificate)
      yield { code: 'authority-unreadable', subject, detail: 'its certificate cannot be read' };
    else if (!issuer || !isSignedBy(certificate, publicKeyOf(issuer)))
      yield { code: 'authority-signature', subject, detail: `the key of ${issuerId} did not sign it` };
  }
}
