import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import t from 'tap';

import { systemClock } from '../../core/clock.ts';
import { Database } from '../../db/database.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgOcspStatusSource } from '../../db/pg-ocsp-status-source.ts';
import { beatStatusHeart } from '../../db/pg-status-heartbeat.ts';
import { RevocationVisibility } from '../../ocsp/revocation-visibility.ts';
import { StatusFollower } from '../../ocsp/status-follower.ts';
import type { StatusFollowerOptions } from '../../ocsp/status-follower.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { authorityRows, changeRow, issueRow } from '../support/status-rows.ts';

// What a node on a streaming replica says of its own knowledge, on the real thing (docs/adr/0009-what-a-replica-knows.md).

const WAIT_MILLISECONDS_MAX = 120_000;
const ATTEMPT_MILLISECONDS = 20;
const REVOCATIONS = 150;
/** A second is what it takes on a machine that has nothing else to do; tests have company. */
const P99_SECONDS_MAX = 10;

const primaryServer = await PostgresServer.create(t);
const primaryOpened = await openPostgres(primaryServer.url);
await migrate(primaryOpened.pool, MIGRATIONS);
const primary = new Database(primaryOpened.pool);
await authorityRows(primary, ['bronze']);
for (let number = 0; number < REVOCATIONS + 10; number += 1)
  await issueRow(primary, 'bronze', serialOf(number));
const replicaServer = await primaryServer.createReplica(t);
const replicaOpened = await openPostgres(replicaServer.url, { readOnly: true });
const replica = new Database(replicaOpened.pool);
t.teardown(async () => {
  await replicaOpened.close();
  await primaryOpened.close();
});
const source = new PgOcspStatusSource(replica);

t.test('a replica knows what the last heartbeat that it shows vouches for', async (t) => {
  const before = await beatAt(primary);
  await beatStatusHeart(primary);
  const beat = await beatAt(primary);
  t.ok(beat > before);
  t.equal(
    (await new PgOcspStatusSource(primary).changesAfter(0, 1)).knownAt,
    undefined,
    'the primary knows all',
  );
  await until(async () => (await source.changesAfter(0, 1)).knownAt?.getTime() === beat.getTime());
  const follower = await follow({ source });
  t.strictSame(follower.confirmedAt, beat);
  t.equal(follower.indexOf('bronze').size, REVOCATIONS + 10);
});

t.test(
  'a primary that is idle, and beats, keeps its replica current; one that does not beat vouches for nothing',
  async (t) => {
    const follower = await follow({ source });
    const first = follower.confirmedAt!;
    await follower.catchUp();
    t.strictSame(follower.confirmedAt, first, 'that nothing came is no sign that nothing happened');
    await beatStatusHeart(primary);
    await until(async () => {
      await follower.catchUp();
      return follower.confirmedAt! > first;
    });
    t.strictSame(follower.confirmedAt, await beatAt(primary));
  },
);

t.test('a replica that receives, and does not replay, stays where it was', async (t) => {
  const follower = await follow({ source });
  const before = follower.confirmedAt;
  const serialNumber = serialOf(REVOCATIONS + 1);
  await replica.query({ text: 'select pg_wal_replay_pause()' });
  await until(async () => {
    const [{ state }] = await replica.query<{ state: string }>({
      text: 'select pg_get_wal_replay_pause_state() as state',
    });
    return state === 'paused';
  });
  await changeRow(primary, 'bronze', serialNumber, 'revoked', 'keyCompromise');
  await beatStatusHeart(primary);
  const sent = await positionOf(primary, 'pg_current_wal_flush_lsn()');
  // Everything has arrived: to compare what was received with what was replayed last would call this replica current.
  await until(async () => {
    const [{ there }] = await replica.query<{ there: boolean }>({
      text: 'select pg_last_wal_receive_lsn() >= $1::pg_lsn as there',
      values: [sent],
    });
    return there;
  });
  await follower.catchUp();
  t.strictSame(follower.confirmedAt, before);
  t.equal(statusIn(follower, serialNumber), 'good', 'and its thisUpdate says that this is old');
  const found = await follower.lookUp('bronze', [serialNumber]);
  t.strictSame(found?.confirmedAt, before, 'to look it up there makes it no younger');
  await replica.query({ text: 'select pg_wal_replay_resume()' });
  await until(async () => {
    await follower.catchUp();
    return follower.confirmedAt! > before!;
  });
  t.equal(statusIn(follower, serialNumber), 'revoked', 'who knows the beat knows what came before it');
});

t.test('each beat that a replica shows comes with everything that was committed before it', async (t) => {
  const follower = await follow({ source });
  for (let number = REVOCATIONS + 2; number < REVOCATIONS + 10; number += 1) {
    const before = follower.confirmedAt!;
    await changeRow(primary, 'bronze', serialOf(number), 'held', 'certificateHold');
    await beatStatusHeart(primary);
    do await follower.catchUp();
    while (follower.confirmedAt! <= before);
    t.equal(statusIn(follower, serialOf(number)), 'revoked');
  }
});

t.test('a revocation is visible on the primary and on its replica soon after its commit', async (t) => {
  const seconds: Record<'primary' | 'replica', number[]> = { primary: [], replica: [] };
  const stopped = new AbortController();
  const nodes = await Promise.all(
    (['primary', 'replica'] as const).map(async (name) => {
      const onSeconds = (one: number) => seconds[name].push(one);
      const visibility = new RevocationVisibility({ clock: systemClock, onSeconds });
      const database = name === 'primary' ? primary : replica;
      const follower = await follow({
        source: new PgOcspStatusSource(database),
        onVisible: (changes) => visibility.observe(changes),
      });
      // A replica cannot LISTEN: it polls.
      if (name === 'primary') await primaryOpened.listen('status_change', () => follower.wake());
      // Not returned as it is: it resolves when it is stopped.
      return { following: follower.follow(stopped.signal) };
    }),
  );
  for (let number = 0; number < REVOCATIONS; number += 1)
    await changeRow(primary, 'bronze', serialOf(number), 'revoked', 'superseded');
  await until(async () => Object.values(seconds).every((seen) => seen.length === REVOCATIONS));
  stopped.abort();
  await Promise.all(nodes.map(({ following }) => following));
  for (const [name, seen] of Object.entries(seconds)) {
    const p99 = seen.sort((a, b) => a - b)[Math.floor(seen.length * 0.99)];
    t.comment(`${name}: p50 ${seen[seen.length >> 1]} s, p99 ${p99} s`);
    t.ok(p99 <= P99_SECONDS_MAX, `${name}: ${p99} s`);
  }
});

t.test('a replica that has lost its primary goes on telling how old its knowledge is', async (t) => {
  const follower = await follow({ source });
  const before = follower.confirmedAt;
  primaryServer.kill();
  await follower.catchUp();
  t.strictSame(follower.confirmedAt, before);
});

async function follow(options: Pick<StatusFollowerOptions, 'source'> & Partial<StatusFollowerOptions>) {
  const onFault = (fault: unknown) => {
    if (fault) throw fault as Error;
  };
  return StatusFollower.load({ authorityIds: ['bronze'], clock: systemClock, onFault, ...options });
}

async function beatAt(database: Database): Promise<Date> {
  const [row] = await database.query<{ beat_at: Date }>({ text: 'select beat_at from status_heartbeat' });
  return row.beat_at;
}

async function positionOf(database: Database, expression: 'pg_current_wal_flush_lsn()'): Promise<string> {
  const [row] = await database.query<{ position: string }>({ text: `select ${expression} as position` });
  return row.position;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_MILLISECONDS_MAX;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${WAIT_MILLISECONDS_MAX} ms`);
    await delay(ATTEMPT_MILLISECONDS);
  }
}

function statusIn(follower: StatusFollower, serialNumber: Buffer): string {
  const index = follower.indexOf('bronze');
  return index.statusAt(index.find(serialNumber)).kind;
}

function serialOf(number: number): Buffer {
  return createHash('sha256').update(`replica ${number}`).digest().subarray(0, 16);
}
