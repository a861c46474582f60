// A thread that validates documents. It holds no key and no connection: what it has to know of certificates and licences it asks the
// thread that started it, for many at once.
import { parentPort, workerData } from 'node:worker_threads';

import { systemClock } from '../../core/clock.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { BatchDocument } from '../../validation/batch/batch-result.ts';
import { validateChunk } from '../../validation/batch/batch-result.ts';
import type { ValidateOne } from '../../validation/batch/batch-result.ts';
import { gatheredHistories } from '../../validation/batch/validation-records.ts';
import type { ValidationRecords } from '../../validation/batch/validation-records.ts';
import type { StatusHistory } from '../../validation/status-history.ts';
import { documentValidator } from '../document-validator.ts';
import type { FromWorker, RecordsQuestion, ToWorker, WorkerTerms } from './worker-protocol.ts';

interface Asked {
  resolve(answers: readonly unknown[]): void;
  reject(error: Error): void;
}

/** No certificate is this deployment's: what a signature carries, or others say, has to do. */
const NO_RECORDS: { statusHistory: StatusHistory; licenceHistory: undefined } = {
  statusHistory: { authorityOf: async () => undefined, changesOf: async () => [] },
  licenceHistory: undefined,
};

const asked = new Map<number, Asked>();
let lastQuestion = 0;
const validate = validatorOf(workerData as WorkerTerms);

parentPort!.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'validate':
      void answer(message.id, message.documents);
      return;
    case 'answers':
      settle(message.id)?.resolve(message.answers);
      return;
    case 'no-answers':
      settle(message.id)?.reject(new Error(message.failure));
      return;
  }
});

async function answer(id: number, documents: readonly BatchDocument[]): Promise<void> {
  try {
    tell({ kind: 'results', id, results: await validateChunk(documents, validate) });
  } catch (error) {
    tell({
      kind: 'failed',
      id,
      failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

function validatorOf({ validator, anchors, intermediates, hasRecords }: WorkerTerms): ValidateOne {
  const own = hasRecords ? gatheredHistories(recordsOfParent()) : NO_RECORDS;
  const told = (what: 'status' | 'fetch') => (cause: unknown) =>
    tell({ kind: 'fault', what, detail: cause instanceof Error ? cause.message : String(cause) });
  return documentValidator(validator, {
    ...own,
    anchors: anchors.map(parseCertificate),
    intermediates: intermediates.map(parseCertificate),
    clock: systemClock,
    onStatusFault: told('status'),
    onFetchFault: told('fetch'),
  });
}

function recordsOfParent(): ValidationRecords {
  return {
    authoritiesOf: (certificates) => ask('authoritiesOf', certificates),
    // Octets come over as plain ones.
    statusChangesOf: async (keys) =>
      (await ask<readonly StatusChange[]>('statusChangesOf', keys)).map((changes) =>
        changes.map((change) => ({ ...change, serialNumber: Buffer.from(change.serialNumber) })),
      ),
    licenceChangesOf: (numbers) => ask('licenceChangesOf', numbers),
  };
}

function ask<Answer>(question: RecordsQuestion, about: readonly unknown[]): Promise<readonly Answer[]> {
  const id = ++lastQuestion;
  return new Promise((resolve, reject) => {
    asked.set(id, { resolve: (answers) => resolve(answers as readonly Answer[]), reject });
    tell({ kind: 'ask', id, question, about });
  });
}

function settle(id: number): Asked | undefined {
  const one = asked.get(id);
  asked.delete(id);
  return one;
}

function tell(message: FromWorker): void {
  parentPort!.postMessage(message);
}
