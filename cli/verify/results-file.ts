import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { errorCode } from '../../core/errors.ts';
import type { BatchResult } from '../../validation/batch/batch-result.ts';
import { VerifyError } from './verify-error.ts';

/** Where results go. */
export interface Results {
  /** References of what an earlier run has done. */
  done: ReadonlySet<string>;
  /** How many of these have not passed. */
  notPassedBefore: number;
  append(results: readonly BatchResult[]): Promise<void>;
  close(): Promise<void>;
}

const NOTHING_BEFORE = { done: new Set<string>(), notPassedBefore: 0 };

/** Results on standard output. */
export function resultsTo(output: NodeJS.WritableStream): Results {
  return {
    ...NOTHING_BEFORE,
    append: (results) =>
      new Promise((resolve, reject) => {
        output.write(textOf(results), (error) => (error ? reject(error) : resolve()));
      }),
    close: async () => undefined,
  };
}

/**
 * Results in a file, a line each. Whole lines are appended, so that a run that was killed leaves at most a torn last one: it is cut off,
 * and its document done again. Throws VerifyError `results-exist`, `results-malformed` or `results-unwritable`.
 */
export async function resultsFile(path: string, { resume }: { resume: boolean }): Promise<Results> {
  const before = resume ? await readBefore(path) : { ...NOTHING_BEFORE, octets: 0 };
  const file = await open(path, resume ? 'a' : 'ax').catch((cause: unknown) => {
    if (errorCode(cause) === 'EEXIST')
      throw new VerifyError('results-exist', `${path} exists; go on with it by --resume`, { cause });
    throw new VerifyError('results-unwritable', `${path} cannot be written`, { cause });
  });
  if (resume) await file.truncate(before.octets);
  return {
    done: before.done,
    notPassedBefore: before.notPassedBefore,
    append: (results) => append(file, path, results),
    close: () => file.close(),
  };
}

async function append(file: FileHandle, path: string, results: readonly BatchResult[]): Promise<void> {
  await file.appendFile(textOf(results)).catch((cause: unknown) => {
    throw new VerifyError('results-unwritable', `${path} cannot be written`, { cause });
  });
}

function textOf(results: readonly BatchResult[]): string {
  return results.map(({ line }) => `${line}\n`).join('');
}

async function readBefore(
  path: string,
): Promise<{ done: Set<string>; notPassedBefore: number; octets: number }> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return Buffer.alloc(0);
    throw new VerifyError('results-malformed', `${path} cannot be read`, { cause });
  });
  const octets = bytes.lastIndexOf(0x0a) + 1;
  const done = new Set<string>();
  let notPassedBefore = 0;
  for (let start = 0, number = 1; start < octets; number += 1) {
    const end = bytes.indexOf(0x0a, start);
    const result = readResult(bytes.toString('utf8', start, end));
    if (!result) throw new VerifyError('results-malformed', `line ${number} of ${path} is no result`);
    done.add(result.reference);
    if (result.indication !== 'TOTAL-PASSED') notPassedBefore += 1;
    start = end + 1;
  }
  return { done, notPassedBefore, octets };
}

function readResult(line: string): { reference: string; indication?: string } | undefined {
  try {
    const value = JSON.parse(line) as { reference?: unknown; indication?: string };
    return typeof value.reference === 'string' ? (value as { reference: string }) : undefined;
  } catch {
    return undefined;
  }
}
