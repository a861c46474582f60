import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { pino } from 'pino';
import { Registry } from 'prom-client';
import t from 'tap';
import type { Test } from 'tap';

import { parseNoteKey } from '../../audit/note/note-key.ts';
import { audit } from '../../cli/audit/audit.ts';
import { openStores } from '../../cli/stores.ts';
import { readWitnesses } from '../../cli/transparency/http-witness.ts';
import { openLog } from '../../cli/transparency/open-log.ts';
import { systemClock } from '../../core/clock.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { freePort } from '../support/free-port.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { runMohr } from '../support/run-mohr.ts';
import { MOHR } from '../support/start-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The commands of the log as an operator and an auditor type them.

const dataDirectory = temporaryFolder(t);
const { url } = await createTestDatabase(t);
const opened = await openPostgres(url);
t.teardown(() => opened.close());
await migrate(opened.pool, MIGRATIONS);
const deployment = { DATABASE_URL: url, MOHR_DATA_DIR: dataDirectory, MOHR_PUBLIC_URL: 'http://mohr.test' };
const keysOf = async (...args: string[]) => {
  const { code, stdout, stderr } = await runMohr(['audit', 'keys', ...args], deployment);
  return { code, stderr, lines: stdout.split('\n').filter(Boolean) };
};

t.test('keys: a first one, a second beside it, and an end of the first', async (t) => {
  const first = await keysOf('rotate');
  t.match(first, { code: 0, lines: [/^mohr\.test\/log\+[0-9a-f]{8}\+\S+$/] }, first.stderr);
  const [old] = first.lines;
  t.match(await keysOf('retire', old), { code: 1, stderr: /the only one/ }, 'somebody has to sign');
  const { lines } = await keysOf('rotate');
  t.equal(lines.length, 2, 'both sign now');
  const fresh = lines.find((line) => line !== old)!;
  t.match(await keysOf('retire', `${fresh.slice(0, -1)}x`), { code: 1, stderr: /none of the keys/ });
  const { code, lines: left } = await keysOf('retire', old);
  t.equal(code, 0);
  t.match(
    left.find((line) => line.startsWith(old)),
    / retired \d{4}-/,
  );
  t.strictSame((await keysOf('list')).lines, left);
  const { rows } = await opened.pool.query<{ action: string; actor_id: string }>(
    'select action, actor_id from audit_event order by id',
  );
  t.strictSame(
    rows.map(({ action }) => action),
    ['add-log-key', 'add-log-key', 'retire-log-key'],
    'each is an event of the log',
  );
  t.ok(rows.every(({ actor_id }) => actor_id === 'mohr-audit'));
});

t.test('called wrongly, they say how, and do nothing', async (t) => {
  const key = (await keysOf('list')).lines.at(-1)!;
  const wrong = [
    ['constructor'],
    ['keys'],
    ['keys', 'make'],
    ['keys', 'toString'],
    ['keys', 'retire'],
    ['keys', 'list', 'more'],
    ['keys', 'rotate', '--nonsense'],
    ['replay'],
    ['replay', 'a', 'b'],
    ['replay', 'a', '--certificates'],
    ['witness'],
    ['witness', '--name', 'auditor.test/one'],
    ['witness', '--log-key', key],
    ['witness', '--name', 'with space', '--log-key', key],
    ['witness', '--name', 'with+plus', '--log-key', key],
    ['witness', '--name', '', '--log-key', key],
  ];
  for (const args of wrong) t.equal(await audit([...args]), 2, args.join(' '));
  for (const noKey of [`${key.slice(0, -4)}AAA=`, key.replace('+', '-')])
    await t.rejects(audit(['witness', '--name', 'a', '--log-key', noKey]), noKey);
  t.match(await runMohr(['--help']), { code: 0, stdout: /mohr audit keys/ });
  t.match(await runMohr(['audit', '--help']), { code: 0, stdout: /--log-witnesses +MOHR_LOG_WITNESSES/ });
  t.match(await runMohr(['audit', 'keys', 'list', '--help']), {
    code: 2,
    stderr: /^mohr audit keys list.*\n$/,
  });
  t.match(await runMohr(['audit']), { code: 2, stderr: /keys\|replay\|witness/ });
  t.match(await runMohr(['audit', 'keys', 'make']), { code: 2, stderr: /list\|rotate\|retire/ });
});

t.test('a witness is an auditor’s process, which keeps what it has seen', async (t) => {
  const [key] = (await keysOf('list')).lines.filter((line) => !line.includes('retired'));
  const keyFile = join(temporaryFolder(t), 'log-key');
  writeFileSync(keyFile, `${key}\n`);
  const folder = temporaryFolder(t);
  const port = await freePort();
  const first = await startWitness(t, { folder, port, key });
  const list = join(temporaryFolder(t), 'witnesses');
  writeFileSync(list, `${first.line}\n`);
  const size = await publish(list);
  const { transparency } = openStores(opened);
  t.equal((await transparency.cosignaturesOf(size))[0].witness, 'auditor.test/mohr');
  t.equal(await first.stop(), 0, 'told to stop, it stops');
  const second = await startWitness(t, { folder, port, key: keyFile });
  t.equal(second.line, first.line, 'with the same key');
  const [witness] = await readWitnesses(list);
  const { note } = (await transparency.latestCheckpoint())!;
  t.match(await witness.add({ oldSize: 0, proof: [], note }), { knownSize: size }, 'and what it knew');
  await second.stop();
});

t.test('an older database is given back what the folder has', async (t) => {
  const { url: olderUrl } = await createTestDatabase(t);
  const older = await openPostgres(olderUrl);
  t.teardown(() => older.close());
  await migrate(older.pool, MIGRATIONS);
  const folder = join(temporaryFolder(t), 'log');
  cpSync(join(dataDirectory, 'log'), folder, { recursive: true });
  const [retired, key] = (await keysOf('list')).lines.map((line) => line.split(' ')[0]);
  const replay = (...args: string[]) =>
    runMohr(['audit', 'replay', ...args], { DATABASE_URL: olderUrl, MOHR_DATA_DIR: temporaryFolder(t) });
  const sizeOf = async () =>
    Number((await older.pool.query<{ size: string }>('select size from audit_tree')).rows[0].size);
  t.match(await replay(folder), { code: 1, stderr: /no key that is trusted/ }, 'this database knows no key');
  t.match(await replay(folder, '--log-key', retired), { code: 1, stderr: /no key that is trusted/ });
  t.match(await replay(temporaryFolder(t), '--log-key', key), { code: 1, stderr: /not in the copy/ });
  t.equal(await sizeOf(), 0);
  const { code, stdout, stderr } = await replay(folder, '--log-key', key);
  t.equal(code, 0, stderr);
  t.match(stdout, /^replayed leaves 0 to 2: 0 status changes$/m);
  t.match(stdout, /mohr fsck/);
  t.equal(await sizeOf(), 3);
  const again = await replay(folder, '--log-key', key);
  t.match(again, { code: 0, stdout: /nothing to replay/ }, again.stderr);
});

/** Publishes once, as the service does; resolves to the size of what was signed. */
async function publish(logWitnesses: string): Promise<number> {
  const log = await openLog({
    stores: openStores(opened),
    dataDirectory,
    publicUrl: 'http://mohr.test',
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
    logWitnesses,
  });
  try {
    await log.publish();
  } finally {
    await log.close();
  }
  const note = readFileSync(join(dataDirectory, 'log', 'checkpoint'), 'utf8');
  return Number(note.split('\n')[1]);
}

interface RunningWitness {
  /** For MOHR_LOG_WITNESSES. */
  line: string;
  stop(): Promise<number | null>;
}

async function startWitness(
  t: Test,
  { folder, port, key }: { folder: string; port: number; key: string },
): Promise<RunningWitness> {
  const flags = [
    '--name',
    'auditor.test/mohr',
    '--log-key',
    key,
    '--data-dir',
    folder,
    '--port',
    String(port),
  ];
  const started = spawn(process.execPath, [...MOHR, 'audit', 'witness', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => started.kill('SIGKILL'));
  const ended = once(started, 'exit') as Promise<[number | null]>;
  let printed = '';
  started.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  while (!/http\S+\n$/.test(printed) || printed.split('\n').length < 3)
    await Promise.race([
      once(started.stdout, 'data'),
      ended.then(([code]) => {
        throw new Error(`the witness ended: ${code}`);
      }),
    ]);
  const line = printed.split('\n')[1];
  t.equal(parseNoteKey(line.split(' ')[0]).kind, 'cosignature');
  return {
    line,
    stop: async () => {
      started.kill('SIGTERM');
      return (await ended)[0];
    },
  };
}
