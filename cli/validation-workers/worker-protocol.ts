import type { BatchDocument, BatchResult } from '../../validation/batch/batch-result.ts';
import type { ValidatorTerms } from '../document-validator.ts';

/** What a thread is given at its start; certificates are DER. */
export interface WorkerTerms {
  validator: ValidatorTerms;
  anchors: readonly Uint8Array[];
  intermediates: readonly Uint8Array[];
  /** Whether the deployment's own records can be asked. */
  hasRecords: boolean;
}

/** Names of the questions of ValidationRecords. */
export type RecordsQuestion = 'authoritiesOf' | 'statusChangesOf' | 'licenceChangesOf';

export type ToWorker =
  | { kind: 'validate'; id: number; documents: readonly BatchDocument[] }
  | { kind: 'answers'; id: number; answers: readonly unknown[] }
  | { kind: 'no-answers'; id: number; failure: string };

export type FromWorker =
  | { kind: 'results'; id: number; results: readonly BatchResult[] }
  /** A bug: no document makes a thread say this. */
  | { kind: 'failed'; id: number; failure: string }
  | { kind: 'ask'; id: number; question: RecordsQuestion; about: readonly unknown[] }
  | { kind: 'fault'; what: 'status' | 'fetch'; detail: string };
