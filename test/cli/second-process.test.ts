import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import fastify from 'fastify';
import t from 'tap';

import { startService } from '../../cli/demo/service-process.ts';
import { listen } from '../../cli/listen.ts';
import { lockDataDirectory } from '../../db/lock-data-directory.ts';
import { processStamp } from '../../db/process-stamp.ts';
import { runMohr } from '../support/run-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LOCK = 'mohr.lock';

t.test('a lock is held until it is released', async (t) => {
  const folder = join(temporaryFolder(t), 'made', 'here');
  const release = await lockDataDirectory(folder);
  t.match(readFileSync(join(folder, LOCK), 'utf8'), new RegExp(`^${process.pid} `));
  await t.rejects(lockDataDirectory(folder), {
    code: 'data-directory-in-use',
    detail: `${folder} is in use by process ${process.pid}`,
  });
  await release();
  t.strictSame(readdirSync(folder), [], 'nothing is left');
  await (
    await lockDataDirectory(folder)
  )();
});

const dead = spawnSync(process.execPath, ['-e', '']).pid;
const stale: [name: string, content: string][] = [
  ['of a process that has ended', processStamp(process.pid).replace(String(process.pid), String(dead))],
  ['of an earlier process with our pid', `${process.pid} 6e4a4f0e-0000-4000-8000-000000000000/1\n`],
  ['of an earlier process with the pid of another', '1 6e4a4f0e-0000-4000-8000-000000000000/1\n'],
  ['that is empty', ''],
  ['that is junk', '\0\0\0\0'],
  ['with a pid beyond all', `${'9'.repeat(30)} unknown\n`],
];

for (const [name, content] of stale) {
  t.test(`a lock ${name} is taken over`, async (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, LOCK), content);
    await lockDataDirectory(folder);
    t.equal(readFileSync(join(folder, LOCK), 'utf8'), processStamp(process.pid));
    t.strictSame(readdirSync(folder), [LOCK], 'nothing else is left');
  });
}

t.test('of many that find a stale lock one gets it', async (t) => {
  for (let round = 0; round < 30; round += 1) {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, LOCK), `${dead} unknown\n`);
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => lockDataDirectory(folder)));
    t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    t.ok(existsSync(join(folder, LOCK)));
  }
});

t.test('a data directory that cannot be one is refused', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'file'), '');
  await t.rejects(lockDataDirectory(join(folder, 'file')), { code: 'data-directory-unusable' });
  await t.rejects(lockDataDirectory(join(folder, 'file', 'data')), { code: 'data-directory-unusable' });
});

t.test('a port that is taken, or an address of another machine, is refused', async (t) => {
  const first = fastify();
  t.teardown(() => first.close());
  await listen(first, { host: '127.0.0.1', port: 0 });
  const { port } = first.server.address() as AddressInfo;
  await t.rejects(listen(fastify(), { host: '127.0.0.1', port }), {
    code: 'address-unavailable',
    detail: `cannot listen on 127.0.0.1:${port}: EADDRINUSE`,
  });
  await t.rejects(listen(fastify(), { host: '192.0.2.1', port: 1 }), { code: 'address-unavailable' });
});

t.test('a second service is turned away, and the first goes on', async (t) => {
  const folder = temporaryFolder(t);
  const service = await startService(folder);
  t.teardown(() => service.stop());
  const serve = (args: string[], environment = {}) => runMohr(['serve', ...args], environment);
  const refused: [name: string, args: string[], environment: Record<string, string>, message: RegExp][] = [
    [
      'the same data directory',
      ['--port', '1', '--data-dir', folder],
      {},
      new RegExp(
        `^mohr serve: ${folder} is in use by process ${service.process.pid} \\[data-directory-in-use\\]\n$`,
      ),
    ],
    [
      'the same data directory, for its keys, with another database',
      ['--port', '1', '--data-dir', folder],
      { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing' },
      /\[data-directory-in-use\]/,
    ],
  ];
  const ended = await Promise.all(refused.map(([, args, environment]) => serve(args, environment)));
  for (const [at, [name, , , message]] of refused.entries()) {
    t.equal(ended[at].code, 1, name);
    t.match(ended[at].stderr, message, name);
    t.equal(ended[at].stdout, '', name);
  }
  const health = await fetch(`${service.publicUrl}/ready`);
  t.equal(health.status, 200, 'the first service has not noticed');
});
