import { createHash, randomBytes } from 'node:crypto';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import t from 'tap';

import type { CrlScope } from '../../ca/crl/crl-scope.ts';
import type { IssuedCrl } from '../../ca/crl/crl-store.ts';
import { Database } from '../../db/database.ts';
import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open-embedded.ts';
import { PgCrlStore } from '../../db/pg-crl-store.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { MIGRATIONS, onBothDatabases } from '../support/both-databases.ts';
import { tamper } from '../support/tamper.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const COMPLETE: CrlScope = { authorityId: 'bronze', kind: 'complete' };
const DAY = 86_400_000;
const START = new Date('2026-06-15T10:00:00Z');
const after = (milliseconds: number) => new Date(START.getTime() + milliseconds);

const AUTHORITY = `insert into authority (id, assurance_level, certificate, crl_shards, created_at)
  values ('bronze', 1, '\\x00', 4, now())`;

function crlOf(crlNumber: number, der: IssuedCrl['der'], overrides: Partial<IssuedCrl> = {}): IssuedCrl {
  const thisUpdate = overrides.thisUpdate ?? START;
  const nextUpdate = new Date(thisUpdate.getTime() + DAY);
  return { scope: COMPLETE, crlNumber, thisUpdate, nextUpdate, lastChangeNumber: 0, der, ...overrides };
}

async function countOf(database: Database, table: string): Promise<number> {
  const [{ count }] = await database.query<{ count: number }>({
    text: `select count(*)::int as count from ${table}`,
  });
  return count;
}

const chunk = (octets: number) =>
  new Uint8Array(new SharedArrayBuffer(octets)).fill(0).map(() => Math.random() * 256);

t.test('the store', async (t) => {
  await onBothDatabases(t, async (t, { database }) => {
    await database.query({ text: AUTHORITY });
    const store = new PgCrlStore(database);
    const publish = (crl: IssuedCrl) => database.transaction((tx) => store.publish(tx, crl));
    const current = async () => Buffer.concat((await store.current(COMPLETE))!.der);

    await t.test('gives back what was published, and stores what two lists share once', async (t) => {
      const shared = Array.from({ length: 40 }, () => chunk(65_536));
      const first = [Buffer.from('head 1'), ...shared, Buffer.from('tail 1')];
      await store.store({ der: first });
      t.equal(await countOf(database, 'crl'), 0, 'stored ahead, published by nobody');
      await publish(crlOf(1, first));
      t.ok((await current()).equals(Buffer.concat(first)));
      const before = await countOf(database, 'crl_chunk');
      const second = [Buffer.from('head 2'), ...shared.slice(0, 39), chunk(40_000), Buffer.from('tail 2')];
      await store.store({ der: second });
      await publish(crlOf(2, second));
      t.ok((await current()).equals(Buffer.concat(second)));
      t.equal(await countOf(database, 'crl_chunk'), before + 3, 'head, tail and the part that changed');
      const [row] = await database.query<{ octets: string; sha256: Buffer }>({
        text: 'select octets, sha256 from crl where crl_number = 2',
      });
      t.equal(Number(row.octets), Buffer.concat(second).length);
      t.ok(row.sha256.equals(createHash('sha256').update(Buffer.concat(second)).digest()));
    });

    await t.test(
      'takes a list in one piece of megabytes, and one in thousands of small pieces',
      async (t) => {
        const large = [randomBytes(2_500_000)];
        await publish(crlOf(3, large));
        t.ok((await current()).equals(large[0]));
        const small = Array.from({ length: 5000 }, () => randomBytes(40));
        await publish(crlOf(4, small));
        t.ok((await current()).equals(Buffer.concat(small)));
        t.ok((await store.current(COMPLETE))!.der.length < 20, 'small pieces are joined');
      },
    );

    await t.test('refuses a number that is taken or passed', async (t) => {
      for (const crlNumber of [4, 3, 1])
        await t.rejects(publish(crlOf(crlNumber, [Buffer.from('late')])), { code: 'crl-number-taken' });
    });

    await t.test('never gives a number twice, however many ask at once', async (t) => {
      const asked = Array.from({ length: 20 }, () =>
        database.transaction((tx) => store.allocateNumber(tx, 'bronze', 'complete')),
      );
      const numbers = (await Promise.all(asked)).sort((a, b) => a - b);
      t.strictSame(
        numbers,
        Array.from({ length: 20 }, (_, i) => numbers[0] + i),
      );
    });

    await t.test('refuses what would make numbers fall or CRLs unknown', async (t) => {
      for (const text of [
        'update crl_number_series set last_number = last_number - 1',
        'delete from crl_number_series',
        'delete from crl',
        "update crl set sha256 = sha256('x')",
        'truncate crl_part',
        "update crl_chunk set octets = '\\x00'",
        'delete from crl_part where crl_number = 4',
      ])
        await t.rejects(database.query({ text }), text);
    });

    await t.test('prunes octets that nobody needs, and nothing else', async (t) => {
      // Numbers 5 and 6 on the day after, 7 on the one after that, which is in force.
      for (const [crlNumber, thisUpdate] of [
        [5, after(DAY)],
        [6, after(DAY + 3_600_000)],
        [7, after(2 * DAY)],
      ] as const)
        await publish(crlOf(crlNumber, [randomBytes(100)], { thisUpdate }));
      const whole = async () =>
        (
          await database.query<{ crl_number: string }>({
            text: 'select distinct crl_number from crl_part order by crl_number',
          })
        ).map((row) => Number(row.crl_number));
      const prune = (supersededBefore: Date, archivedSince: Date) =>
        database.transaction((tx) => store.prune(tx, { supersededBefore, archivedSince }));
      t.equal(
        await prune(START, after(-DAY)),
        0,
        'what was in force a moment ago may be on its way to somebody',
      );
      t.strictSame(await whole(), [1, 2, 3, 4, 5, 6, 7]);
      t.equal(await prune(after(2 * DAY + 1), after(-DAY)), 4);
      t.strictSame(await whole(), [4, 6, 7], 'the last of each day stays');
      t.equal(await prune(after(2 * DAY + 1), after(DAY + 1)), 1);
      t.strictSame(await whole(), [6, 7], 'until it is old enough');
      t.equal(await prune(after(9 * DAY), after(9 * DAY)), 1);
      t.strictSame(await whole(), [7], 'what is in force stays, however old');
      t.equal(await countOf(database, 'crl'), 7, 'number, times and hash of each stay');
      t.equal(await countOf(database, 'crl_chunk'), 1);
      t.equal((await store.current(COMPLETE))!.crlNumber, 7);
      const records = new PgRecords(database);
      const rows = await records.crls();
      const pruned = await Promise.all(rows.map((row) => records.isCrlPruned(row)));
      t.strictSame(pruned, [true, true, true, true, true, true, false], 'who checks them is told so');
      const [{ chunk: only }] = await database.query<{ chunk: Buffer }>({
        text: 'select chunk from crl_part',
      });
      await tamper(database, 'delete from crl_part');
      t.notOk(await records.isCrlPruned(rows[6]), 'what is in force is never pruned');
      await tamper(
        database,
        `insert into crl_part (authority_id, scope, crl_number, position, chunk)
          values ('bronze', 'complete', 7, 0, '\\x${only.toString('hex')}')`,
      );
    });

    await t.test('what a crash left before publishing is gone with the next pruning', async (t) => {
      await store.store({ der: [randomBytes(30_000)] });
      t.equal(await countOf(database, 'crl_chunk'), 2);
      await database.transaction((tx) => store.prune(tx, { supersededBefore: START, archivedSince: START }));
      t.equal(await countOf(database, 'crl_chunk'), 1);
    });
  });
});

t.test('CRLs that stood in one piece are in chunks after the upgrade', async (t) => {
  const folder = temporaryFolder(t);
  const earlier = readdirSync(MIGRATIONS).filter((name) => name < '0011');
  for (const name of earlier) cpSync(join(MIGRATIONS, name), join(folder, name));
  const { pool, close } = await openPool(await PGlite.create(), async () => undefined);
  await migrate(pool, folder);
  await pool.query(AUTHORITY);
  const ders = [randomBytes(200_000), randomBytes(65_536), Buffer.from('small')];
  for (const [index, der] of ders.entries())
    await pool.query(
      `insert into crl (authority_id, scope, crl_number, this_update, next_update, last_change_number, der)
      values ('bronze', $1, 1, '2026-01-01', '2026-01-02', 0, $2)`,
      [index === 0 ? 'complete' : `shard:${index}`, der],
    );
  cpSync(join(MIGRATIONS, '0011_crl_chunks.sql'), join(folder, '0011_crl_chunks.sql'));
  await migrate(pool, folder);
  const store = new PgCrlStore(new Database(pool));
  for (const [index, der] of ders.entries()) {
    const scope: CrlScope = index === 0 ? COMPLETE : { authorityId: 'bronze', kind: 'shard', shard: index };
    t.ok(Buffer.concat((await store.current(scope))!.der).equals(der));
  }
  await close();
});
