import type { IssuedCertificate } from '../../ca/issue/certificate-store.ts';
import { DomainError } from '../../core/errors.ts';
import { encodePem } from '../../pki/pem.ts';
import type { DecidedApplication } from '../../ra/application-batch-store.ts';

/** What came of one row; `was-issued`: by an earlier run, or by an earlier row with the same request. */
export type RowResult =
  | { line: number; outcome: 'refused'; code: string; detail: string }
  | { line: number; outcome: 'would-issue'; application: string; authority: string }
  | {
      line: number;
      outcome: 'issued' | 'was-issued';
      application: string;
      authority: string;
      serialNumber: string;
      /** PEM. */
      certificate: string;
    };

/** Only refusals are results; anything else ends the campaign. */
export function refusal(line: number, error: unknown): RowResult {
  if (!(error instanceof DomainError)) throw error;
  return { line, outcome: 'refused', code: String(error.code), detail: error.detail };
}

export function wouldIssue({
  line,
  application,
}: {
  line: number;
  application: DecidedApplication;
}): RowResult {
  const { id, authorityId } = application;
  return { line, outcome: 'would-issue', application: id, authority: authorityId };
}

export function issuedRow(
  line: number,
  { id }: DecidedApplication,
  { authorityId, serialNumber, bytes }: IssuedCertificate,
  outcome: 'issued' | 'was-issued',
): RowResult {
  return {
    line,
    outcome,
    application: id,
    authority: authorityId,
    serialNumber: serialNumber.toString('hex'),
    certificate: encodePem('CERTIFICATE', bytes),
  };
}

export function byLine(a: RowResult, b: RowResult): number {
  return a.line - b.line;
}
