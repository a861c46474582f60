import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import t from 'tap';
import type { Test } from 'tap';

import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { assertSchemaUsable } from '../../db/schema-requirements.ts';
import { MIGRATIONS, onBothDatabases } from '../support/both-databases.ts';
import type { OpenedDatabase } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { copyPreparedKeys, postgresTemplate } from '../support/prepared-starts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

/** What the next version may do while this one runs: it adds. */
const EXPANDING = `
  alter table certificate add column future_note text;
  alter table application add column future_rank integer not null default 0;
  create table future_thing (id bigint generated always as identity primary key, certificate_sha256 bytea);
  create index application_future on application (future_rank);`;

/** What it may do when no process of this version runs any more. */
const CONTRACTING = `
  alter table application drop column future_rank;
  insert into schema_requirement values ('0901_contract', 'applications have no rank any more');`;

/** The migrations of this version and some more. */
function nextVersion(t: Test, more: Record<string, string>): string {
  const folder = temporaryFolder(t);
  cpSync(MIGRATIONS, folder, { recursive: true });
  for (const [name, sql] of Object.entries(more)) writeFileSync(join(folder, `${name}.sql`), sql);
  return folder;
}

t.test('a node of this version works on while the next one migrates, and afterwards', async (t) => {
  const { url } = await createTestDatabase(t, postgresTemplate('first-start'));
  const dataDirectory = temporaryFolder(t);
  copyPreparedKeys('postgres', dataDirectory);
  const opened = await openPostgres(url);
  await migrate(opened.pool, MIGRATIONS);
  const service = await openTestService({ opened, dataDirectory });
  t.teardown(async () => {
    await service.close();
    await opened.close();
  });
  const migrators = [await openPostgres(url), await openPostgres(url)];
  t.teardown(() => Promise.all(migrators.map((one) => one.close())));
  const folder = nextVersion(t, { '0900_expand': EXPANDING });

  const failures: string[] = [];
  let isOver = false;
  let issued = 0;
  const working = (async () => {
    for (; !isOver; issued += 1)
      await issueDoctor(service).catch((error: unknown) => void failures.push(String(error)));
  })();
  // Somebody reads for long, e.g. a backup: the migration may not make others wait behind it.
  const reader = await migrators[1].pool.connect();
  await reader.query('begin; select count(*) from application');
  const migrating = Promise.all(migrators.map(({ pool }) => migrate(pool, folder)));
  // Whatever becomes of it, the work ends with the test.
  migrating.catch(() => (isOver = true));
  await delay(2_500);
  const before = issued;
  await delay(500);
  await reader.query('rollback');
  reader.release();
  const ran = await migrating;
  while (issued < before + 2) await delay(50);
  isOver = true;
  await working;
  t.strictSame(failures, [], `${issued} certificates were issued beside it, none failed`);
  t.strictSame(ran.flat(), ['0900_expand'], 'of two migrators one did it');
  t.comment(`${issued} certificates issued during the migration, ${failures.length} failed requests`);

  await assertSchemaUsable(opened.pool, MIGRATIONS);
  t.strictSame(await migrate(opened.pool, MIGRATIONS), [], 'a node of this version starts on it');
  const later = nextVersion(t, { '0900_expand': EXPANDING, '0901_contract': CONTRACTING });
  await migrate(migrators[0].pool, later);
  const tooNew = { code: 'schema-too-new', detail: /0901_contract \(applications have no rank/ };
  await t.rejects(migrate(opened.pool, MIGRATIONS), tooNew, 'and not on what it cannot use');
  await t.rejects(assertSchemaUsable(opened.pool, folder), tooNew);
  await assertSchemaUsable(opened.pool, later);
});

t.test('migrations', async (t) => {
  await onBothDatabases(t, async (t, { opened }: OpenedDatabase) => {
    await t.test('one that fails leaves the schema that it found', async (t) => {
      const folder = nextVersion(t, { '0900_a': 'create table a_thing (id integer)', '0901_b': 'nonsense' });
      await t.rejects(migrate(opened.pool, folder), { code: '42601' });
      const { rows } = await opened.pool.query(`select to_regclass('a_thing') as there`);
      t.strictSame(rows, [{ there: null }]);
      t.strictSame(await migrate(opened.pool, MIGRATIONS), []);
    });
    await t.test('their limits do not stay on the connection', async (t) => {
      const { rows } = await opened.pool.query(
        `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement`,
      );
      t.strictSame(rows, [{ lock: '0', statement: '0' }]);
    });
    await t.test('a requirement stays', async (t) => {
      await opened.pool.query(`insert into schema_requirement values ('0230_schema_requirements', 'a test')`);
      await t.rejects(opened.pool.query('delete from schema_requirement'));
      await assertSchemaUsable(opened.pool, MIGRATIONS);
    });
  });
});

t.test('what is in the way for too long is told, and nothing is changed', async (t) => {
  const { url } = await createTestDatabase(t, postgresTemplate('migrated'));
  const opened = await openPostgres(url);
  t.teardown(() => opened.close());
  await migrate(opened.pool, MIGRATIONS);
  const reader = await opened.pool.connect();
  await reader.query('begin; select count(*) from application');
  const folder = nextVersion(t, { '0900_expand': EXPANDING });
  await t.rejects(migrate(opened.pool, folder, { attemptsMax: 1 }), { code: 'migration-blocked' });
  await reader.query('rollback');
  reader.release();
  t.strictSame(await migrate(opened.pool, folder), ['0900_expand']);
});
