import { systemClock } from '../../core/clock.ts';
import { pruneEvidence } from '../../ra/evidence/prune-evidence.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import { withStores } from '../open-database.ts';

const OPERATOR = { kind: 'operator', id: 'mohr-evidence' } as const;

/** `mohr evidence prune`: deletes the content of papers whose time is over; `mohr serve` does so every hour by itself. */
export async function prune(args: string[]): Promise<number> {
  const line = readCommandLine({ usage: 'evidence prune [flags]', operands: 0 }, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const deleted = await withStores(line.settings, async (stores) => {
    const house = { ...stores, transactions: stores.database, clock: systemClock };
    let sum = 0;
    for (let round = 1; round > 0; sum += round) round = await pruneEvidence(house, OPERATOR);
    return sum;
  });
  process.stdout.write(`${deleted} papers deleted; their hashes are kept\n`);
  return 0;
}
