import type { PgRecords, RecordQuestion } from '../../db/pg-records.ts';
import { isSignedBy, parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { checkApprovals } from './check-approvals.ts';
import { checkCertificates } from './check-certificates.ts';
import { checkCrls } from './check-crls.ts';
import type { CrlIssuer } from './check-crls.ts';
import { checkRenewals } from './check-renewals.ts';
import type { Finding, FindingCode } from './finding.ts';

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
  { ask: 'openIntents', code: 'intent-open', detail: 'an issuance was interrupted; --repair completes it' },
  {
    ask: 'approvedApplications',
    code: 'application-open',
    detail: 'it is approved, or activated, and not issued; --repair completes it',
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

/** Checks all that the deployment has recorded; yields what is wrong, row by row. */
export async function* checkRecords(records: PgRecords): AsyncGenerator<Finding> {
  const rows = await records.authorities();
  const certificates = new Map<string, Certificate>();
  for (const { id, certificate } of rows) {
    const read = readable(certificate);
    if (read) certificates.set(id, read);
    else
      yield {
        code: 'authority-unreadable',
        subject: `authority:${id}`,
        detail: 'its certificate cannot be read',
      };
  }
  for (const { id, issuerId = id } of rows) {
    const certificate = certificates.get(id);
    const issuer = certificates.get(issuerId);
    if (certificate && !(issuer && isSignedBy(certificate, publicKeyOf(issuer))))
      yield {
        code: 'authority-signature',
        subject: `authority:${id}`,
        detail: `the key of ${issuerId} did not sign it`,
      };
  }
  yield* checkCertificates(records, certificates);
  yield* checkApprovals(records);
  yield* checkRenewals(records);
  for (const { ask, code, detail } of QUESTIONS) {
    for (const subject of await records.subjects(ask)) yield { code, subject, detail };
  }
  const issuers = rows.flatMap(({ id, crlShards, hasKey }): [string, CrlIssuer][] => {
    const certificate = certificates.get(id);
    return certificate ? [[id, { certificate, crlShards, hasKey }]] : [];
  });
  yield* checkCrls(records, new Map(issuers));
}

function readable(der: Buffer): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
