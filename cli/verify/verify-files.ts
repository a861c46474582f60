import { open } from 'node:fs/promises';

import type { BatchDocument, BatchResult } from '../../validation/batch/batch-result.ts';
import { failedResult } from '../../validation/batch/batch-result.ts';
import { validateInOrder } from '../../validation/batch/validate-in-order.ts';
import type { ValidateChunk } from '../../validation/batch/validate-in-order.ts';
import type { SignedFile } from './find-signed-files.ts';
import type { Results } from './results-file.ts';
import { VerifyError } from './verify-error.ts';

/** As much as any format is read. */
const FILE_OCTETS_MAX = 24 * 2 ** 20;

export interface VerifyOptions {
  validate: ValidateChunk;
  chunksMax: number;
  results: Results;
  /** When all of the files were received. */
  receivedAt?: Date;
  onProgress(counts: Counts): void;
}

export interface Counts {
  done: number;
  notPassed: number;
}

/** Validates files and keeps their results, leaving out those that have one already. */
export async function verifyFiles(files: AsyncIterable<SignedFile>, options: VerifyOptions): Promise<Counts> {
  const { results } = options;
  const counts = { done: results.done.size, notPassed: results.notPassedBefore };
  const documents = documentsOf(files, options);
  for await (const some of validateInOrder(documents, options.validate, options.chunksMax)) {
    await results.append(some);
    counts.done += some.length;
    counts.notPassed += some.filter(({ hasPassed }) => !hasPassed).length;
    options.onProgress(counts);
  }
  return counts;
}

async function* documentsOf(
  files: AsyncIterable<SignedFile>,
  { results, receivedAt }: VerifyOptions,
): AsyncGenerator<BatchDocument | BatchResult> {
  for await (const file of files)
    if (!results.done.has(file.path)) yield await readDocument(file, receivedAt);
}

async function readDocument(
  { path, contentPath }: SignedFile,
  receivedAt: Date | undefined,
): Promise<BatchDocument | BatchResult> {
  try {
    const signature = await readBounded(path);
    const content = contentPath === undefined ? undefined : await readBounded(contentPath);
    return {
      reference: path,
      document: { signature, ...(content && { content }), ...(receivedAt && { receivedAt }) },
    };
  } catch (cause) {
    if (!(cause instanceof VerifyError)) throw cause;
    return failedResult(path, cause);
  }
}

/** Never more than a document may have, however large the file is. */
async function readBounded(path: string): Promise<Buffer> {
  const unreadable = (cause: unknown) => {
    throw new VerifyError('file-unreadable', `${path} cannot be read`, { cause });
  };
  const file = await open(path, 'r').catch(unreadable);
  try {
    const { size } = await file.stat();
    if (size > FILE_OCTETS_MAX)
      throw new VerifyError('file-too-large', `${path} has ${size} octets, at most ${FILE_OCTETS_MAX}`);
    return await file.readFile().catch(unreadable);
  } finally {
    await file.close();
  }
}
