import { readFileSync } from 'node:fs';

import pg from 'pg';
import t from 'tap';

import { database as databaseCommand } from '../../cli/database/print-roles.ts';
import { DATABASE_ROLES } from '../../db/database-roles.ts';
import { systemClock } from '../../core/clock.ts';
import { Database } from '../../db/database.ts';
import { grantRoles, migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgCheckpointStore } from '../../db/pg-checkpoint-store.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { createNodeUser, execute } from '../support/ocsp-node.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { writtenGrants } from '../support/written-grants.ts';

const DENIED = '42501';
const DOCUMENT = new URL('../../docs/DATABASE-ROLES.md', import.meta.url);

const { url } = await createTestDatabase(t);
const owner = await openPostgres(url);
t.teardown(() => owner.close());
await migrate(owner.pool, MIGRATIONS);

type RoleName = (typeof DATABASE_ROLES)[number]['name'];
const clients = new Map<RoleName, pg.Client>();
for (const { name } of DATABASE_ROLES) {
  const user = await createNodeUser(url, [name]);
  const client = new pg.Client({ connectionString: user.url });
  await client.connect();
  clients.set(name, client);
  t.teardown(async () => {
    await client.end();
    await user.drop();
  });
}

/** `done`, or the SQLSTATE; what was done is undone. */
async function attempt(client: pg.Client, statement: string): Promise<string> {
  await client.query('begin');
  try {
    await client.query(statement);
    return 'done';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.query('rollback');
  }
}

// Each column is tried with each privilege, undone, and the outcome kept where a rollback does not reach.
const TRY = `do $try$
declare
  column_name text;
  allowed text := '';
begin
  for column_name in select attname from pg_attribute
      where attrelid = '%TABLE%'::regclass and attnum > 0 and not attisdropped order by attnum loop
    begin
      execute format('select %I from %TABLE% limit 0', column_name);
      allowed := allowed || ' select:' || column_name;
    exception when insufficient_privilege then null; end;
    begin
      execute format('insert into %TABLE% (%I) values (default)', column_name);
      raise exception 'undone';
    exception when insufficient_privilege then null;
      when others then allowed := allowed || ' insert:' || column_name; end;
    begin
      execute format('update %TABLE% set %I = default where false', column_name);
      allowed := allowed || ' update:' || column_name;
    exception when insufficient_privilege then null; end;
  end loop;
  begin
    execute 'delete from %TABLE% where false';
    allowed := allowed || ' delete:*';
  exception when insufficient_privilege then null; end;
  begin
    execute 'truncate %TABLE% cascade';
    raise exception 'undone';
  exception when insufficient_privilege then null;
    when others then allowed := allowed || ' truncate:*'; end;
  perform set_config('mohr.allowed', allowed, false);
end $try$`;

async function triedGrants(client: pg.Client, table: string): Promise<string[]> {
  await client.query(TRY.replaceAll('%TABLE%', table));
  const { rows } = await client.query<{ allowed: string }>(
    `select current_setting('mohr.allowed') as allowed`,
  );
  return rows[0].allowed.trim().split(' ').filter(Boolean).sort();
}

const { rows: tables } = await owner.pool.query<{ name: string; columns: string[] }>(
  `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') group by 1 order by 1`,
);

/** What stands for ever. */
const RECORDS = ['certificate', 'issuance_intent', 'intent_refusal', 'status_change', 'audit_event'];

t.test('nobody passes on what he has', async (t) => {
  // PostgreSQL answers such a GRANT with a warning and grants nothing: the tests that follow would see it.
  for (const client of clients.values())
    for (const name of RECORDS)
      await client.query(`grant all on ${name} to public`).catch((error: { code: string }) => {
        t.equal(error.code, DENIED);
      });
});

t.test('every role may do what is written, with every table and column, and nothing else', async (t) => {
  const written = writtenGrants(readFileSync(DOCUMENT, 'utf8'), tables);
  t.ok(tables.length > 80);
  t.strictSame(
    [...written.keys()].sort(),
    tables.map(({ name }) => name).sort(),
    'each table is written down',
  );
  let tried = 0;
  for (const { name, columns } of tables) {
    for (const [role, client] of clients) {
      t.strictSame(
        await triedGrants(client, name),
        written.get(name)?.get(role) ?? [],
        `${role} and ${name}`,
      );
      tried += columns.length * 3 + 2;
    }
  }
  t.comment(`${tried} attempts: ${tables.length} tables, ${clients.size} roles`);
});

t.test('the table of grants has the roles that are known', async (t) => {
  const { rows } = await owner.pool.query<{ role_name: string }>(
    'select distinct role_name from database_grant',
  );
  t.strictSame(rows.map(({ role_name }) => role_name).sort(), DATABASE_ROLES.map(({ name }) => name).sort());
});

t.test('no role gets around its grants', async (t) => {
  const { rows } = await owner.pool.query<{ owner: string }>('select current_user as owner');
  const attacks = [
    ...RECORDS.flatMap((name) => [
      `update ${name} set ctid = ctid`,
      `delete from ${name}`,
      `truncate ${name}`,
      `truncate ${name} cascade`,
      `alter table ${name} disable trigger all`,
      `alter table ${name} disable row level security`,
      `alter table ${name} add column mine integer`,
      `drop table ${name} cascade`,
      `drop trigger ${name}_append_only on ${name}`,
      `create rule mine as on insert to ${name} do instead nothing`,
      `create trigger mine before insert on ${name} for each row execute function refuse_change()`,
    ]),
    'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
    'drop function refuse_change() cascade',
    'set session_replication_role = replica',
    `set role "${rows[0].owner}"`,
    `set session authorization "${rows[0].owner}"`,
    'create role mine superuser',
    'alter role current_user createrole',
    'create schema mine',
    'create table mine (n integer)',
    `copy (select 1) to program 'id'`,
    `copy schema_migration from '/etc/passwd'`,
    `select pg_read_file('/etc/passwd')`,
    `select lo_import('/etc/passwd')`,
    'create extension dblink',
    `insert into database_grant (role_name, table_name, privilege) values ('mohr_ra', 'certificate', 'insert')`,
    'select * from database_grant',
    `update status_counter set only_row = false`,
    'delete from status_counter',
  ];
  for (const [role, client] of clients)
    for (const attack of attacks) {
      const outcome = await attempt(client, attack);
      // What is no column of ours is refused before rights are looked at.
      t.ok([DENIED, '42704', '0A000'].includes(outcome), `${role}: ${attack}: ${outcome}`);
    }
  t.comment(`${attacks.length * clients.size} attacks`);
});

t.test('no role becomes another', async (t) => {
  for (const [role, client] of clients)
    for (const other of DATABASE_ROLES)
      if (other.name !== role)
        t.equal(await attempt(client, `set role ${other.name}`), DENIED, `${role} ${other.name}`);
});

t.test('records stand against their owner too, until he takes a trigger away', async (t) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const name of RECORDS) t.equal(await attempt(client, `truncate ${name} cascade`), 'P0001', name);
  t.equal(await attempt(client, 'update status_counter set last_change_number = -1'), '23514');
  await client.end();
});

t.test('the registration authority tells statuses, and begins no history', async (t) => {
  const { authority, serial } = await aCertificate();
  const ra = clients.get('mohr_ra')!;
  const append = (event: string, reason = 'null') => `
    insert into status_change (change_number, authority_id, serial_number, event, effective_at, reason, requested_by)
    values (1000, '${authority}', '${serial}', '${event}', now(), ${reason}, 'test')`;
  t.equal(await attempt(ra, append('issued')), DENIED);
  await owner.pool.query(append('issued'));
  t.equal(await attempt(ra, append('held', `'certificateHold'`).replace('1000', '1001')), 'done');
  t.equal(
    await attempt(ra, 'update status_counter set last_change_number = last_change_number - 1'),
    '23514',
  );
  t.equal(await attempt(ra, 'select lock_certificates()'), DENIED);
  t.equal(await attempt(clients.get('mohr_ocsp')!, 'select lock_certificates()'), DENIED);
  t.equal(await attempt(clients.get('mohr_ca')!, 'select lock_certificates()'), 'done');
  t.equal(await attempt(ra, `insert into certificate select * from certificate`), DENIED);
});

t.test('who serves the API records events, and neither orders nor signs nor hides them', async (t) => {
  const ra = clients.get('mohr_ra')!;
  const event = (columns = '', values = '') => `
    insert into audit_event (at, actor_kind, actor_id, action, outcome, subject, details${columns})
    overriding system value values (now(), 'service', 'test', 'test', 'accepted', 'service:test', '{}'${values})`;
  t.equal(await attempt(ra, event()), 'done');
  t.equal(await attempt(ra, event(', id', ', 9007199254740993')), DENIED, 'the next one is not taken away');
  // What no leaf can be made of would stop the log for everybody.
  for (const [column, value] of [
    ['at', `'infinity'`],
    ['details', `'null'`],
    ['details', `'{"a": 1e400}'`],
    ['details', `'{"a": [1]}'`],
    ['details', `'{"a": {}}'`],
    ['details', `jsonb_build_object('a', repeat('a', 65536))`],
    ['action', `repeat('a', 65536)`],
    ['subject', `'service:' || repeat('a', 65536)`],
    ['subject', `'service:' || chr(1)`],
  ]) {
    const columns: Record<string, string> = {
      at: 'now()',
      actor_kind: `'service'`,
      actor_id: `'test'`,
      action: `'test'`,
      outcome: `'accepted'`,
      subject: `'service:test'`,
      details: `'{}'`,
      [column]: value,
    };
    const statement = `insert into audit_event (${Object.keys(columns).join()}) values (${Object.values(columns).join()})`;
    t.equal(await attempt(ra, statement), '23514', value);
  }
  await owner.pool.query(event());
  const hash = `sha256('x')`;
  for (const attack of [
    'delete from audit_unsequenced',
    'insert into audit_unsequenced values (1)',
    `insert into audit_leaf select 0, id, ${hash}, ${hash} from audit_event limit 1`,
    `insert into audit_node values (1, 0, ${hash})`,
    'update audit_tree set size = size + 1',
    'select from audit_tree for update',
    `insert into audit_log_key values ('forged', 'file:forged', now())`,
    `insert into audit_log_key_retirement select note_key, now() from audit_log_key`,
    `insert into audit_checkpoint values (1, ${hash}, 'forged', now())`,
    `insert into audit_checkpoint_stamp values (1, ${hash})`,
    `insert into audit_cosignature values (1, 'a witness', 'forged', now())`,
    'select salt from audit_salt',
    `insert into audit_salt_erasure select id, now(), 'hidden' from audit_event`,
  ])
    t.equal(await attempt(ra, attack), DENIED, attack);
  const ca = clients.get('mohr_ca')!;
  t.equal(await attempt(ca, 'select salt from audit_salt'), DENIED, 'who makes salts reads none');
  t.equal(await attempt(ca, 'update audit_tree set size = size - 1'), '23514');
});

t.test('who signs checkpoints lets go of those that say nothing more, and of no other', async (t) => {
  const hash = `sha256('x')`;
  const signed = (size: number, age: string) =>
    `insert into audit_checkpoint values (${size}, ${hash}, 'signed', now() - interval '${age}')`;
  for (const statement of [
    ...[10, 20, 30, 40, 256, 300].map((size) => signed(size, '2 days')),
    signed(301, '23 hours'),
    signed(302, '1 hour'),
    `insert into audit_checkpoint_stamp values (20, ${hash})`,
    ...[10, 30].map((size) => `insert into audit_cosignature values (${size}, 'one', 'line', now())`),
    ...[10, 302].map((size) => `insert into audit_cosignature values (${size}, 'two', 'line', now())`),
  ])
    await owner.pool.query(statement);
  const letGo = (size: number) =>
    `delete from audit_cosignature where tree_size = ${size}; delete from audit_checkpoint where tree_size = ${size}`;
  const outcomes = new Map<RoleName, string>();
  const ca = clients.get('mohr_ca')!;
  for (const size of [10, 40, 300]) t.equal(await attempt(ca, letGo(size)), 'done', `${size} leaves`);
  for (const [size, why] of [
    [20, 'stamped'],
    [30, 'the newest that a witness has cosigned'],
    [256, 'the last of 256 leaves'],
    [301, 'of the last day'],
    [302, 'the newest'],
  ] as const)
    t.equal(await attempt(ca, `delete from audit_checkpoint where tree_size = ${size}`), 'P0001', why);
  // A table of the same name lies before ours for whoever makes one, and a function is found by its place.
  for (const attack of [
    'create temporary table audit_checkpoint_stamp (tree_size bigint)',
    'create temporary table audit_cosignature (tree_size bigint, witness text)',
    `create temporary table audit_checkpoint as
      select generate_series(1, 999)::bigint as tree_size, '-infinity'::timestamptz as signed_at`,
    `create function pg_temp.is_checkpoint_prunable(bigint) returns boolean language sql as 'select true'`,
    `set local search_path = pg_temp, public`,
  ])
    for (const size of [20, 256, 302])
      t.equal(
        await attempt(ca, `${attack}; delete from public.audit_checkpoint where tree_size = ${size}`),
        'P0001',
        `${attack}: ${size}`,
      );
  t.equal(await attempt(ca, 'delete from audit_cosignature'), 'P0001');
  t.equal(await attempt(ca, `delete from audit_cosignature where tree_size = 30`), 'P0001');
  t.equal(
    await attempt(ca, `update audit_checkpoint set signed_at = signed_at - interval '1 day'`),
    DENIED,
    'nobody makes one older',
  );
  for (const [role, client] of clients)
    if (role !== 'mohr_ca') outcomes.set(role, await attempt(client, letGo(10)));
  t.strictSame([...new Set(outcomes.values())], [DENIED], 'nobody else lets go of anything');
  const all = new pg.Client({ connectionString: url });
  await all.connect();
  t.equal(await attempt(all, letGo(10)), 'done');
  for (const size of [20, 30, 256, 301, 302])
    t.equal(await attempt(all, letGo(size)), 'P0001', `nor does the owner: ${size} leaves`);
  await all.end();

  const storeOf = async (role: RoleName) => {
    const user = await createNodeUser(url, [role]);
    const opened = await openPostgres(user.url);
    const database = new Database(opened.pool);
    const close = async () => {
      await opened.close();
      await user.drop();
    };
    return { database, store: new PgCheckpointStore(database), close };
  };
  const now = systemClock.now();
  for (const role of ['mohr_ocsp', 'mohr_crl', 'mohr_ra'] as const) {
    const { store, close } = await storeOf(role);
    const fates = await store.fatesOf([10, 20, 30, 77, 301], new Date(now.getTime() - 86_400_000));
    t.strictSame(
      [...fates].sort(([a], [b]) => a - b),
      [
        [10, 'waits'],
        [20, 'stays'],
        [30, 'stays'],
        [301, 'waits'],
      ],
      `${role} learns what it may let go of in its own folder`,
    );
    await close();
  }
  const { store, database, close } = await storeOf('mohr_ca');
  const page = await store.checkpointsToPrune(0, now, 100);
  t.strictSame(
    page.map(({ size }) => size),
    [10, 20, 30, 40, 256, 300],
  );
  const sizes = page.flatMap(({ size, note }) => (note === undefined ? [] : [size]));
  t.strictSame(sizes, [10, 40, 300], 'the process of the CAs learns what it may let go of');
  await database.transaction((tx) => store.deleteCheckpoints(tx, sizes));
  t.strictSame((await store.checkpointsToPrune(0, now, 100)).length, 3, 'and lets go of it');
  await close();
});

t.test('a request is answered by a CA, once', async (t) => {
  const { authority } = await aCertificate();
  const ask = `insert into issuance_request (kind, authority_id, asked_at) values ('readiness', '${authority}', now())`;
  const answer = 'update issuance_request set answered_at = now()';
  const [ra, ca] = [clients.get('mohr_ra')!, clients.get('mohr_ca')!];
  t.equal(
    await attempt(ra, ask.replace('asked_at', 'asked_at, answered_at').replace('now()', 'now(), now()')),
    DENIED,
  );
  t.equal(await attempt(ra, answer), DENIED);
  t.equal(await attempt(ca, ask), DENIED, 'a CA asks nobody');
  await owner.pool.query(ask);
  t.equal(await attempt(ca, 'delete from issuance_request'), '23514', 'what is open is not forgotten');
  t.equal(await attempt(ca, `${answer}; ${answer}`), '23514');
  t.equal(await attempt(ca, `${answer}; delete from issuance_request`), 'done');
});

t.test(
  'a user that may not create roles migrates, is told which are missing, and grants them later',
  async (t) => {
    const server = await PostgresServer.create(t);
    await execute(server.url, `create role plain login password 'plain'`);
    await execute(server.url, 'create database mohr owner plain');
    const plainUrl = new URL(server.url);
    Object.assign(plainUrl, { username: 'plain', password: 'plain', pathname: '/mohr' });
    const plain = await openPostgres(plainUrl.href);
    await migrate(plain.pool, MIGRATIONS);
    const names = DATABASE_ROLES.map(({ name }) => name).sort();
    t.strictSame((await grantRoles(plain.pool)).sort(), names);
    let sql = '';
    t.equal(await databaseCommand(['roles'], { write: (text: string) => Boolean((sql += text)) }), 0);
    await execute(server.url, sql);
    await execute(server.url, sql);
    t.strictSame(await grantRoles(plain.pool), []);
    const { rows } = await plain.pool.query<{ may: boolean }>(
      `select has_table_privilege('mohr_ca', 'certificate', 'insert') as may`,
    );
    t.ok(rows[0].may);
    await plain.close();
  },
);

/** A certificate without a status, as the owner can record one. */
async function aCertificate(): Promise<{ authority: string; serial: string }> {
  const [authority, serial] = ['test', '\\x1122334455667788'];
  await owner.pool.query(
    `insert into authority (id, assurance_level, certificate, crl_shards, created_at) values ($1, 1, '\\x30', 1, now())
      on conflict do nothing`,
    [authority],
  );
  await owner.pool.query(
    `insert into issuance_intent (authority_id, serial_number, tbs_certificate, spki_sha256, profile_id, profile_version,
        origin, intended_at) values ($1, $2, '\\x30', sha256('k'), 'test', 1, 'test', now()) on conflict do nothing`,
    [authority, serial],
  );
  await owner.pool.query(
    `insert into certificate (authority_id, serial_number, der, sha256, profile_id, origin, not_before, not_after, issued_at)
      values ($1, $2, '\\x30', sha256('c'), 'test', 'test', now(), now() + interval '1 day', now()) on conflict do nothing`,
    [authority, serial],
  );
  return { authority, serial };
}
