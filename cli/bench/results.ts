import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { writeMarkedFigures } from '../../bench/suite/figure-marks.ts';
import { plotsOf } from '../../bench/suite/plots/plots.ts';
import { writeResults } from '../../bench/suite/results-text.ts';
import type { SuiteResult } from '../../bench/suite/suite-result.ts';
import { DomainError } from '../../core/errors.ts';

/** Pages with single figures of the run in their sentences. */
const MARKED_PAGES = ['docs/CAPACITY.md'];

/** `mohr bench results [--root .]`: from `bench/results.json`, `bench/RESULTS.md`, `bench/plots/*.svg` and the figures of other pages. */
export async function benchResults(args: string[]): Promise<number> {
  const root = rootOf(args);
  const result = JSON.parse(await readFile(join(root, 'bench/results.json'), 'utf8')) as SuiteResult;
  const plots = plotsOf(result);
  await rewrite(join(root, 'bench/RESULTS.md'), (text) => writeResults(text, result, plots));
  for (const page of MARKED_PAGES)
    await rewrite(join(root, page), (text) => writeMarkedFigures(text, result));
  const pictures = join(root, 'bench/plots');
  await mkdir(pictures, { recursive: true });
  // Those of an earlier run, whose figures this one may lack.
  for (const name of await readdir(pictures)) if (name.endsWith('.svg')) await rm(join(pictures, name));
  for (const { name, svg } of plots) await writeFile(join(pictures, `${name}.svg`), svg);
  process.stderr.write(`bench results: RESULTS.md and ${plots.length} pictures are written\n`);
  return 0;
}

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8')));
}

function rootOf(args: string[]): string {
  try {
    return parseArgs({ args, options: { root: { type: 'string', default: '.' } } }).values.root;
  } catch (cause) {
    throw new DomainError('usage', 'expected: mohr bench results [--root <checkout>]', { cause });
  }
}
