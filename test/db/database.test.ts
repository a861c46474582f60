import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import t from 'tap';
import type { Test } from 'tap';

import { pg } from '../../db/pg-transaction.ts';
import { onBothDatabases, onPostgres } from '../support/both-databases.ts';
import type { OpenedDatabase } from '../support/both-databases.ts';

/** Statements that fail, each in its way. */
const FAILING: [text: string, values: unknown[], code: string][] = [
  ['select nonsense', [], '42703'],
  ['select 1 where', [], '42601'],
  ['select 1 / $1::int', [0], '22012'],
  ['select $1::uuid', ['a'], '22P02'],
  ['select $1::text', ['a\0b'], '22021'],
  [`insert into blocked_key values ($1, 'x', now())`, [Buffer.from('x')], '23514'],
  [`update authority set issuer_id = $1`, ['nobody'], '23503'],
];

t.test('the database', async (t) => {
  await onBothDatabases(t, async (t, open) => {
    const part = (name: string, run: (t: Test, open: OpenedDatabase) => Promise<void>) =>
      t.test(name, (t) => run(t, open));
    await part('a statement that fails does no harm to those that follow', failingStatements);
    await part('a commit that the database turned into a rollback is no success', swallowedFailure);
    await part('what the database asks to run again is run again, and not for ever', retries);
  });
});

async function failingStatements(t: Test, { database }: OpenedDatabase): Promise<void> {
  await database.query({
    text: `insert into authority (id, assurance_level, certificate, crl_shards, created_at) values ('a', 1, 'x', 1, now())`,
  });
  for (const [text, values, code] of FAILING) {
    await t.rejects(database.query({ text, values }), { code }, text);
    const inTransaction = database.transaction((tx) => pg(tx).query({ text, values }));
    await t.rejects(inTransaction, { code }, `${text}, in a transaction`);
    t.strictSame(await database.query({ text: 'select 1 as one' }), [{ one: 1 }], 'the next one works');
  }
  const mixed = Array.from({ length: 40 }, (_, at) =>
    database.query<{ n: number }>({ text: 'select 10 / $1::int as n', values: [at % 4] }).then(
      ([{ n }]) => n,
      ({ code }: { code: string }) => code,
    ),
  );
  t.strictSame(
    await Promise.all(mixed),
    Array.from({ length: 40 }, (_, at) => ['22012', 10, 5, 3][at % 4]),
  );
}

async function swallowedFailure(t: Test, { database }: OpenedDatabase): Promise<void> {
  const swallowing = database.transaction(async (tx) => {
    await pg(tx).execute({
      text: `insert into blocked_key values ($1, 'x', now())`,
      values: [randomBytes(32)],
    });
    await pg(tx)
      .query({ text: 'select nonsense' })
      .catch(() => undefined);
  });
  await t.rejects(swallowing, /ROLLBACK/);
  t.strictSame(await database.query({ text: 'select reason from blocked_key' }), []);
}

async function retries(t: Test, { database }: OpenedDatabase): Promise<void> {
  const failing = (times: number, code: string) => {
    let attempts = 0;
    return database.transaction(async (tx) => {
      attempts += 1;
      await pg(tx).execute({
        text: `insert into blocked_key values ($1, 'x', now())`,
        values: [randomBytes(32)],
      });
      if (attempts <= times) await pg(tx).query({ text: `do $$ begin raise sqlstate '${code}'; end $$` });
      return attempts;
    });
  };
  t.equal(await failing(2, '40001'), 3, 'a serialization failure');
  t.equal(await failing(4, '40P01'), 5, 'a deadlock');
  await t.rejects(failing(5, '40001'), { code: '40001' });
  await t.rejects(failing(1, '23514'), { code: '23514' }, 'a broken constraint stays broken');
  const [{ n }] = await database.query<{ n: number }>({
    text: 'select count(*)::int as n from blocked_key',
  });
  t.equal(n, 2, 'attempts that failed left nothing');
}

t.test('a connection that ends', async (t) => {
  await onPostgres(t, async (t, open) => {
    const part = (name: string, run: (t: Test, open: OpenedDatabase) => Promise<void>) =>
      t.test(name, (t) => run(t, open));
    await part(
      'between two statements of a transaction, refuses the transaction and nothing else',
      betweenStatements,
    );
    await part('while it waits, refuses what waited', duringStatement);
    await part('while it is idle, is not noticed', whileIdle);
    await part('while it listens, is replaced by one', whileListening);
  });
});

async function betweenStatements(t: Test, { database }: OpenedDatabase): Promise<void> {
  // Of the test, and not of the transaction.
  const beside = AsyncLocalStorage.snapshot();
  const dying = database.transaction(async (tx) => {
    const [{ pid }] = await pg(tx).query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' });
    await pg(tx).execute({
      text: `insert into blocked_key values ($1, 'x', now())`,
      values: [randomBytes(32)],
    });
    await beside(() => database.query({ text: 'select pg_terminate_backend($1)', values: [pid] }));
    await delay(100);
    await pg(tx).query({ text: 'select 1' });
  });
  await t.rejects(dying, { code: 'database-unreachable' });
  t.strictSame(
    await database.query({ text: 'select reason from blocked_key' }),
    [],
    'nothing of it is there',
  );
}

async function duringStatement(t: Test, { database }: OpenedDatabase): Promise<void> {
  const waiting = database.query({ text: 'select pg_sleep(600)' });
  const statuses = [t.rejects(waiting, { code: 'database-unreachable' })];
  let ended: unknown[] = [];
  while (ended.length === 0)
    ended = await database.query({
      text: `select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep(600)%' and datname = current_database()`,
    });
  await Promise.all(statuses);
  t.strictSame(await database.query({ text: 'select 1 as one' }), [{ one: 1 }]);
}

async function whileIdle(t: Test, { database }: OpenedDatabase): Promise<void> {
  await Promise.all(Array.from({ length: 8 }, () => database.query({ text: 'select pg_sleep(0.05)' })));
  await database.query({
    text: `select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and datname = current_database() and application_name = 'mohr'`,
  });
  for (let others = 1; others > 0; await delay(100)) {
    const [{ n }] = await database.query<{ n: number }>({
      text: `select count(*)::int as n from pg_stat_activity
        where pid <> pg_backend_pid() and datname = current_database() and application_name = 'mohr'`,
    });
    others = n;
  }
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => database.query({ text: 'select 1 as one' })),
  );
  t.equal(answers.length, 8);
}

async function whileListening(t: Test, { database, opened }: OpenedDatabase): Promise<void> {
  let heard = 0;
  await opened.listen('test_channel', () => (heard += 1));
  t.equal(heard, 1, 'told once at the beginning, to be safe');
  const listeners = async () => {
    const [{ n }] = await database.query<{ n: number }>({
      text: `select count(*)::int as n from pg_stat_activity where application_name = 'mohr-listen' and datname = current_database()`,
    });
    return n;
  };
  for (let round = 0; round < 2; round += 1) {
    const before = heard;
    await database.query({
      text: `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mohr-listen' and datname = current_database()`,
    });
    // It comes back after a second.
    for (let waited = 0; heard === before && waited < 1_200; waited += 1) await delay(100);
    t.equal(heard, before + 1, 'told once more, as something may have been missed');
    // The one that was ended may still be on its way out.
    while ((await listeners()) !== 1) await delay(20);
  }
  await database.query({ text: `select pg_notify('test_channel', '')` });
  for (let waited = 0; heard < 4 && waited < 6_000; waited += 1) await delay(20);
  t.equal(heard, 4, 'and it hears');
}
