import { request } from 'node:http';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

import { pino } from 'pino';
import t from 'tap';

import { startOcspWorkers } from '../../cli/ocsp-workers.ts';
import { readSettings } from '../../cli/settings.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Answers with its process id; ends at once when it is asked to fail. */
const PROGRAM = `
import { createServer } from 'node:http';
const port = Number(process.argv[2]);
if (process.argv[3] === 'fail') process.exit(1);
const server = createServer((request, response) => {
  if (request.url === '/die') process.exit(9);
  response.end(String(process.pid));
});
server.listen(port, '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

const SILENCE_MILLISECONDS_MAX = 2_000;

const logger = pino({ level: 'silent' });

t.test('answers on one port with all workers, replaces one that ends, and stops all', async (t) => {
  const { exec, port } = await program(t);
  const workers = await startOcspWorkers({ workers: 2, logger, exec: exec(), restartMilliseconds: 1 });
  const first = await pids(port, 2);
  t.equal(first.size, 2, 'both answer');
  await ask(port, '/die').catch(() => undefined);
  const later = await pids(port, 2, first);
  t.equal(later.size, 2, 'there are two again');
  t.notSame([...later].sort(), [...first].sort());
  await workers.stop();
  await t.rejects(ask(port, '/'), { code: 'ECONNREFUSED' });
});

t.test('does not start when a worker cannot', async (t) => {
  const { exec } = await program(t);
  await t.rejects(startOcspWorkers({ workers: 2, logger, exec: exec('fail') }), { code: 'worker-failed' });
});

t.test('several workers are for an ocsp node, in a number that a machine has', async (t) => {
  const node = ['--roles', 'ocsp', '--node-name', 'a', '--database-url', 'postgres://h/d'];
  t.match(readSettings([...node, '--ocsp-workers', '4'], {}), { settings: { ocspWorkers: 4 } });
  t.match(readSettings([], {}), { settings: { ocspWorkers: 1 } });
  for (const wrong of ['0', '65', 'two'])
    t.match(readSettings([...node, '--ocsp-workers', wrong], {}), { faults: [/expected 1 to 64/] }, wrong);
  t.match(readSettings(['--ocsp-workers', '2'], {}), { faults: [/role ocsp/] });
});

async function program(t: Parameters<typeof temporaryFolder>[0]) {
  const file = join(temporaryFolder(t), 'worker.mjs');
  writeFileSync(file, PROGRAM);
  const port = await freePort();
  return { port, exec: (...more: string[]) => ({ file, args: [String(port), ...more], execArgv: [] }) };
}

/** Process ids that answer, until there are so many of which not all are the known ones. */
async function pids(port: number, count: number, known = new Set<string>()): Promise<Set<string>> {
  for (;;) {
    const found = new Set<string>();
    for (let asked = 0; asked < 4 * count; asked += 1) found.add(await ask(port, '/').catch(() => 'nobody'));
    found.delete('nobody');
    if (found.size === count && [...found].some((pid) => !known.has(pid))) return found;
  }
}

/** Each on a connection of its own. */
async function ask(port: number, path: string): Promise<string> {
  const asked = request({
    host: '127.0.0.1',
    port,
    path,
    agent: false,
    timeout: SILENCE_MILLISECONDS_MAX,
  }).end();
  // A connection that was handed to a worker in the moment of its death is answered by nobody.
  asked.on('timeout', () => asked.destroy(new Error('nobody answers')));
  const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}
