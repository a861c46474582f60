import { DomainError } from '../../core/errors.ts';
import type { DocumentValidation } from '../validate-document.ts';
import type { ValidationReport } from '../report.ts';

/** What comes with each document of a batch. */
export type DocumentToValidate = Pick<
  DocumentValidation,
  'signature' | 'content' | 'contentsByName' | 'receivedAt'
>;

export interface BatchDocument {
  /** The caller's own: a file's name, a number. */
  reference: string;
  document: DocumentToValidate;
}

export interface BatchResult {
  reference: string;
  hasPassed: boolean;
  /** The result as JSON, without an end of line: the reference with the report, or with why there is none. */
  line: string;
}

export type ValidateOne = (document: DocumentToValidate) => Promise<ValidationReport>;

/** Validates documents at the same time, so that what they ask for is asked together; results are in their order. */
export function validateChunk(
  documents: readonly BatchDocument[],
  validate: ValidateOne,
): Promise<BatchResult[]> {
  return Promise.all(documents.map((one) => resultOf(one, validate)));
}

async function resultOf({ reference, document }: BatchDocument, validate: ValidateOne): Promise<BatchResult> {
  let report: ValidationReport;
  try {
    report = await validate(document);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    return failedResult(reference, cause);
  }
  const hasPassed = report.indication === 'TOTAL-PASSED';
  return { reference, hasPassed, line: JSON.stringify({ reference, ...report }) };
}

/** The result where there is no verdict: what cannot be read has not passed. */
export function failedResult(
  reference: string,
  { code, detail }: { code: string; detail: string },
): BatchResult {
  return { reference, hasPassed: false, line: JSON.stringify({ reference, error: { code, detail } }) };
}
