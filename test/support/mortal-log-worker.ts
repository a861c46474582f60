import { once } from 'node:events';
import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

import { pino } from 'pino';
import { Registry } from 'prom-client';

import { parseNoteKey } from '../../audit/note/note-key.ts';
import { ManualClock, systemClock } from '../../core/clock.ts';
import { Database } from '../../db/database.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgAuditLog } from '../../db/pg-audit-log.ts';
import { PgLogKeys } from '../../db/pg-log-keys.ts';
import { PgLogSequencer } from '../../db/pg-log-sequencer.ts';
import { PgTransparencyLog } from '../../db/pg-transparency-log.ts';
import { dieAtOnce, watchCommits } from './mortal-commits.ts';

// A process that records events, orders, signs and publishes them, and dies by its own kill -9 right before one of the steps of it: a
// commit, or a change of the folder outside. It leaves what the step before has left; or lives, when there are fewer steps.

export interface MortalLogOrder {
  url: string;
  dataDirectory: string;
  /** Key and URL of the witness. */
  witness: { noteKey: string; url: string };
  /** Recorded in one transaction, which is the first step. */
  events: number;
  /** Counted from 1. */
  diesAtStep: number;
}

export interface MortalLogResult {
  steps: string[];
}

let diesAtStep = Infinity;
const steps: string[] = [];

function step(name: string): void {
  steps.push(name);
  if (steps.length === diesAtStep) dieAtOnce();
}

for (const name of ['rename', 'appendFile', 'rm'] as const) {
  const change = promises[name] as (...operands: unknown[]) => Promise<void>;
  Object.assign(promises, {
    [name]: async (...operands: unknown[]) => {
      step(`${name} ${String(operands[0])}`);
      return change(...operands);
    },
  });
}
syncBuiltinESMExports();

process.once('message', (order) => void live(order as MortalLogOrder));

async function live({ url, dataDirectory, witness, events, ...order }: MortalLogOrder): Promise<void> {
  // Imported only now, so that it has the functions that count.
  const { openLog } = await import('../../cli/transparency/open-log.ts');
  const { HttpWitness } = await import('../../cli/transparency/http-witness.ts');
  const opened = await openPostgres(url);
  watchCommits(opened.pool, /^audit/, () => step('commit'));
  const database = new Database(opened.pool);
  const stores = {
    database,
    transparency: new PgTransparencyLog(database),
    logKeys: new PgLogKeys(),
    logSequencer: new PgLogSequencer(),
    audit: new PgAuditLog(),
  };
  const told = once(process, 'message');
  process.send!('started');
  await told;
  // Two days ago, until it lets go of what was signed then.
  const clock = new ManualClock(new Date(systemClock.now().getTime() - 2 * 86_400_000));
  const log = await openLog({
    stores,
    dataDirectory,
    publicUrl: 'http://mohr.test',
    clock,
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
    stamp: async (hash) => hash,
    historyOctets: 1,
    witnesses: [new HttpWitness(parseNoteKey(witness.noteKey), witness.url)],
  });
  diesAtStep = order.diesAtStep;
  await database.transaction((tx) => stores.audit.recordAll(tx, someEvents(events)));
  await log.publish();
  await log.stamp();
  clock.set(systemClock.now());
  await log.prune();
  diesAtStep = Infinity;
  process.send!({ steps } satisfies MortalLogResult);
  await log.close();
  await opened.close();
  process.disconnect();
}

function someEvents(count: number) {
  return Array.from({ length: count }, (_, at) => ({
    at: systemClock.now(),
    actor: { kind: 'service' as const, id: 'test' },
    action: 'test-mortality',
    outcome: 'accepted' as const,
    subject: 'service:test',
    details: { at },
  }));
}
