import { join } from 'node:path';

import { pino } from 'pino';
import { Registry } from 'prom-client';
import t from 'tap';

import { parseNoteKey } from '../../audit/note/note-key.ts';
import { checkLog } from '../../cli/fsck/check-log.ts';
import { openStores } from '../../cli/stores.ts';
import { HttpWitness } from '../../cli/transparency/http-witness.ts';
import { LogFolder } from '../../cli/transparency/log-folder.ts';
import { openLog } from '../../cli/transparency/open-log.ts';
import { ManualClock, systemClock } from '../../core/clock.ts';
import { LogRecords } from '../../db/log-records.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { listenAsWitness } from '../support/listening-witness.ts';
import { MortalProcess } from '../support/mortal-process.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// A process dies by kill -9 between any two steps of the log, as docs/ARCHITECTURE.md numbers them: recording, ordering, its first
// key, signing, each file outside, witness, stamp, letting go of checkpoints. fsck finds nothing then, and nothing that was
// acknowledged is missing when the next process has gone on.

/** Whole tiles: each round completes one, and begins another. */
const EVENTS = 256;
/** More would be a loop. */
const STEPS_MAX = 40;

const { url } = await createTestDatabase(t);
const opened = await openPostgres(url);
t.teardown(() => opened.close());
await migrate(opened.pool, MIGRATIONS);
const dataDirectory = temporaryFolder(t);
const stores = openStores(opened);
const { transparency, database, logKeys } = stores;
const folder = new LogFolder(join(dataDirectory, 'log'));
const listKeys = async () => {
  const records = await database.transaction((tx) => logKeys.listKeys(tx));
  return records.map(({ noteKey }) => parseNoteKey(noteKey));
};

const listening = await listenAsWitness(t, 'witness.test');
const { key, logs, memory } = listening;
const witness = { noteKey: listening.noteKey, url: listening.url };

async function findings(): Promise<string[]> {
  const found: string[] = [];
  for await (const { code, subject, detail } of checkLog({ records: new LogRecords(database), folder }))
    found.push(`${code} ${subject} ${detail}`);
  return found;
}

/** What the next process does: as if two days ago, so that the last but one of its checkpoints is one to let go of. */
async function goOn(): Promise<void> {
  const log = await openLog({
    stores,
    dataDirectory,
    publicUrl: 'http://mohr.test',
    clock: new ManualClock(new Date(systemClock.now().getTime() - 2 * 86_400_000)),
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
    stamp: async (hash) => hash,
    witnesses: [new HttpWitness(key, witness.url)],
  });
  try {
    await log.publish();
    for (let round = 0; round < 2; round += 1) {
      await database.transaction((tx) => stores.audit.record(tx, ANOTHER));
      await log.publish();
    }
    await log.stamp();
  } finally {
    await log.close();
  }
}

const ANOTHER = {
  at: systemClock.now(),
  actor: { kind: 'service', id: 'test' },
  action: 'test-going-on',
  outcome: 'accepted',
  subject: 'service:test',
  details: {},
} as const;

async function recorded(): Promise<number> {
  const { rows } = await opened.pool.query<{ n: string }>(
    `select count(*) n from audit_event where action = 'test-mortality'`,
  );
  return Number(rows[0].n);
}

let deaths = 0;
let acknowledged = 0;

async function dieAt(diesAtStep: number): Promise<string[] | undefined> {
  const worker = await MortalProcess.startLog({ url, dataDirectory, witness, events: EVENTS, diesAtStep });
  const lived = await worker.live();
  if (!lived) deaths += 1;
  // The server ends a dead one's transaction as soon as it sees that nobody is there.
  await opened.pool.query(`select pg_advisory_xact_lock(hashtextextended('audit-sequencer', 0))`);
  if (diesAtStep > 1) acknowledged += EVENTS;
  t.strictSame(await findings(), [], `fsck after a death before step ${diesAtStep}`);
  t.equal(await recorded(), acknowledged, 'what was acknowledged is there, and nothing else');
  return lived?.steps;
}

t.test('kill -9 at each step of a log that begins: recording, ordering, its first key', async (t) => {
  for (const step of [1, 2, 3]) t.equal(await dieAt(step), undefined);
  t.strictSame(await listKeys(), [], 'a key that only its file tells of signs nothing');
  t.equal(await transparency.latestCheckpoint(), undefined);
});

t.test('kill -9 at each step of a log that goes on', async (t) => {
  // The witness is told the key when there is one.
  await goOn().catch(() => undefined);
  logs.push(...(await listKeys()));
  let steps: string[] | undefined;
  for (let step = 2; !steps; step += 1) {
    if (step > STEPS_MAX) throw new Error('it has no end');
    await goOn();
    const size = await transparency.treeSize();
    t.equal(size, (await transparency.figures()).size);
    t.equal((await transparency.latestCheckpoint())!.size, size, 'all of it is signed');
    t.equal((await folder.remembered())!.size, size, 'and kept outside');
    t.equal((await memory.last(logs[0].name))!.size, size, 'and witnessed');
    t.equal((await transparency.cosignaturesOf(size)).length, 1, 'as is on record');
    t.ok(await transparency.stampOf(size), 'and stamped');
    steps = await dieAt(step);
  }
  t.comment(`${deaths} deaths, ${acknowledged} events, 0 lost`);
  const done = steps.map((name) => name.replace(`${dataDirectory}/log/`, ''));
  for (const expected of [
    /^commit$/,
    /^rename tile\/0\/\d+\.new$/,
    /^rename tile\/0\/\d+\.p\/\d+\.new$/,
    /^rename tile\/1\/000\.p\/\d+\.new$/,
    /^rename tile\/entries\/\d+\.new$/,
    /^rm tile\/0\/\d+\.p$/,
    /^rm tile\/entries\/\d+\.p$/,
    /^appendFile checkpoints$/,
    /^rename checkpoint\.new$/,
    /^rename checkpoints\.new$/,
    /^rename checkpoints\.thinned\.new$/,
  ])
    t.ok(
      done.some((one) => expected.test(one)),
      String(expected),
    );
  t.equal(
    done.filter((one) => one === 'commit').length,
    6,
    'recorded, ordered, signed, cosigned, stamped, let go of',
  );
  const { rows } = await opened.pool.query<{ n: string }>(
    'select count(*) n from audit_checkpoint where is_checkpoint_prunable(tree_size)',
  );
  t.equal(rows[0].n, '0', 'whatever could go is gone');
});
