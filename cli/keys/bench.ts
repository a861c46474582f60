import { join } from 'node:path';

import type { KeysBenchOptions } from '../../bench/keys.ts';
import { systemClock } from '../../core/clock.ts';
import { benchTable } from '../bench.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { KeyStore } from '../key-store.ts';
import { withStores } from '../open-database.ts';
import type { Settings } from '../settings.ts';
import { listKeys } from './list-keys.ts';

const FORM = {
  usage: 'keys bench [--reference <ref>] [--json] [flags]',
  operands: 0,
  values: ['reference'],
  switches: ['json'],
};

/** `mohr keys bench`: signatures per second of the deployment's keys beside `openssl speed`. Resolves to the exit code. */
export async function bench(
  args: string[],
  output: Output = process.stdout,
  duration: Partial<Pick<KeysBenchOptions, 'seconds' | 'runs'>> = {},
): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const { settings, values, switches } = line;
  const { reference } = values;
  const references = reference === undefined ? await referencesOf(settings) : [reference];
  const keyStore = await KeyStore.open(join(settings.dataDirectory, 'keys'), settings);
  try {
    const signers = await Promise.all(references.map((one) => keyStore.openSigner(one)));
    // Loaded when it is asked for: no other command needs the benchmarks.
    const { benchKeys } = await import('../../bench/keys.ts');
    const report = await benchKeys({ ...duration, keyTypes: [], signers });
    output.write(switches.has('json') ? `${JSON.stringify(report)}\n` : benchTable(report));
  } finally {
    await keyStore.close();
  }
  return 0;
}

async function referencesOf(settings: Settings): Promise<string[]> {
  const keys = await withStores(settings, (stores) =>
    listKeys({ ...stores, transactions: stores.database, clock: systemClock }, []),
  );
  return keys.map(({ reference }) => reference);
}
