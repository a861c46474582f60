import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';

import { runSuite } from '../../bench/suite/run-suite.ts';
import type { SuiteResult } from '../../bench/suite/suite-result.ts';
import { SUITE_BENCHES } from '../../bench/suite/suite-result.ts';
import { DomainError } from '../../core/errors.ts';
import { benchTable } from './bench-table.ts';

const USAGE =
  'mohr bench all [--out bench/results.json] [--json] [--quick] [--only <name,…>] [--sizes <N,…>]';

/**
 * `mohr bench all`: every benchmark after the other, into one file, from which `mohr bench results` makes RESULTS.md and its
 * pictures. Exit code 1: one of them failed.
 */
export async function benchAll(args: string[]): Promise<number> {
  const { out, json, quick, only, sizes } = optionsOf(args);
  const result = await runSuite({
    isQuick: quick,
    ...(sizes && { sizes }),
    names: namesOf(only),
    say: (text) => process.stderr.write(text),
    onProgress: (soFar) => write(out, soFar),
  });
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else for (const { report } of result.benches) if (report) process.stdout.write(`${benchTable(report)}\n`);
  const failed = result.benches.filter(({ fault }) => fault !== undefined);
  for (const { name, fault } of failed) process.stderr.write(`bench all: ${name} failed: ${fault}\n`);
  process.stderr.write(
    `bench all: ${result.benches.length - failed.length} of ${result.benches.length} benchmarks in ${result.seconds} s, written to ${out}\n`,
  );
  return failed.length === 0 ? 0 : 1;
}

function optionsOf(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        out: { type: 'string', default: 'bench/results.json' },
        json: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        sizes: { type: 'string' },
      },
    });
    return values;
  } catch (cause) {
    throw new DomainError('usage', `expected: ${USAGE}`, { cause });
  }
}

function namesOf(only: string | undefined): readonly string[] {
  if (only === undefined) return SUITE_BENCHES;
  const names = only.split(',');
  const known: readonly string[] = SUITE_BENCHES;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new DomainError('usage', `--only: ${unknown} is none of ${known.join(', ')}`);
}

async function write(path: string, result: SuiteResult): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(result, null, 1)}\n`);
}
