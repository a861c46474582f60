import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { plotsOf } from '../../bench/suite/plots/plots.ts';
import { writeResults } from '../../bench/suite/results-text.ts';
import type { SuiteResult } from '../../bench/suite/suite-result.ts';
import { DomainError } from '../../core/errors.ts';

/** `mohr bench results [--folder bench]`: from `results.json` there, `RESULTS.md` and `plots/*.svg` beside it. */
export async function benchResults(args: string[]): Promise<number> {
  const folder = folderOf(args);
  const result = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as SuiteResult;
  const plots = plotsOf(result);
  const page = join(folder, 'RESULTS.md');
  await writeFile(page, writeResults(await readFile(page, 'utf8'), result, plots));
  const pictures = join(folder, 'plots');
  await mkdir(pictures, { recursive: true });
  // Those of an earlier run, whose figures this one may lack.
  for (const name of await readdir(pictures)) if (name.endsWith('.svg')) await rm(join(pictures, name));
  for (const { name, svg } of plots) await writeFile(join(pictures, `${name}.svg`), svg);
  process.stderr.write(`bench results: ${page} and ${plots.length} pictures in ${pictures}\n`);
  return 0;
}

function folderOf(args: string[]): string {
  try {
    return parseArgs({ args, options: { folder: { type: 'string', default: 'bench' } } }).values.folder;
  } catch (cause) {
    throw new DomainError('usage', 'expected: mohr bench results [--folder <folder of results.json>]', {
      cause,
    });
  }
}
