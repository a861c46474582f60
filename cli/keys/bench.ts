import { join } from 'node:path';

import type { KeysBenchOptions } from '../../bench/keys.ts';
import type { BenchReport } from '../../bench/report.ts';
import { systemClock } from '../../core/clock.ts';
import { benchTable } from '../bench/bench-table.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { KeyStore } from '../key-store.ts';
import { withStores } from '../open-database.ts';
import type { Settings } from '../settings.ts';
import { listKeys } from './list-keys.ts';
import type { ListedKey } from './list-keys.ts';

const FORM = {
  usage: 'keys bench [--reference <ref>] [--json] [flags]',
  operands: 0,
  values: ['reference'],
  switches: ['json'],
};

/**
 * `mohr keys bench`: signatures per second of the deployment's keys beside `openssl speed`; those of OCSP responders are compared
 * with the configured peak. Resolves to the exit code: 1 where one of them does not hold it.
 */
export async function bench(
  args: string[],
  output: Output = process.stdout,
  duration: Partial<Pick<KeysBenchOptions, 'seconds' | 'runs'>> = {},
): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const { settings, values, switches } = line;
  const { reference } = values;
  const known = await knownKeys(settings);
  const references = reference === undefined ? known.map((key) => key.reference) : [reference];
  const keyStore = await KeyStore.open(join(settings.dataDirectory, 'keys'), settings);
  try {
    const signers = await Promise.all(references.map((one) => keyStore.openSigner(one)));
    // Loaded when it is asked for: no other command needs the benchmarks.
    const { benchKeys } = await import('../../bench/keys.ts');
    const report = await benchKeys({ ...duration, keyTypes: [], signers });
    output.write(switches.has('json') ? `${JSON.stringify(report)}\n` : benchTable(report));
    const responders = known.filter(({ uses }) => uses.some(({ role }) => role === 'ocsp-responder'));
    const labels = signers.filter((_, at) => responders.some((key) => key.reference === references[at]));
    return comparedWithPeak(
      report,
      labels.map(({ label }) => label),
      settings.ocspPeak,
    );
  } finally {
    await keyStore.close();
  }
}

function knownKeys(settings: Settings): Promise<ListedKey[]> {
  return withStores(settings, (stores) =>
    listKeys({ ...stores, transactions: stores.database, clock: systemClock }, []),
  );
}

/** On standard error, so that the report stays one; in the worst case each answer is a signature. */
function comparedWithPeak({ figures }: BenchReport, labels: readonly string[], ocspPeak?: number): number {
  if (ocspPeak === undefined) return 0;
  let exitCode = 0;
  for (const { id, value } of figures.filter((figure) =>
    labels.some((label) => figure.id === `keys.${label}`),
  )) {
    const holds = value >= ocspPeak;
    if (!holds) exitCode = 1;
    const verdict = holds ? 'holds' : 'does not hold';
    process.stderr.write(`${id}: ${Math.floor(value)} answers/s, ${verdict} the peak of ${ocspPeak}/s\n`);
  }
  return exitCode;
}
