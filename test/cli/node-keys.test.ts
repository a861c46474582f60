import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { enrolResponders } from '../../cli/keys/enrol-responders.ts';
import { requestResponders } from '../../cli/keys/request-responders.ts';
import { migrateDatabase } from '../../cli/migrate.ts';
import { openDatabase } from '../../cli/open-database.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

// Keys of an OCSP node, from its folder into a deployment that was stopped.

const folder = temporaryFolder(t);
const dataDirectory = join(folder, 'ca');
const { url: databaseUrl } = await createTestDatabase(t);
const opened = await openDatabase({ databaseUrl, dataDirectory });
await (await openTestService({ opened, dataDirectory })).close();
await opened.close();

const node = ['--node-name', 'ocsp-1', '--data-dir', join(folder, 'node')];
const deployment = ['--data-dir', dataDirectory, '--database-url', databaseUrl];
const both = ['--authorities', 'bronze,silver'];
const file = join(folder, 'ocsp-1.json');

t.test('a node makes keys for each CA, and the operator enrols them once', async (t) => {
  const made = await called(requestResponders, [file, ...both, '--count', '3', ...node]);
  t.match(made, { code: 0, printed: /^6 keys of ocsp-1\nSHA-256 [0-9a-f]{64}\n$/ });
  t.notMatch(readFileSync(file, 'utf8'), /PRIVATE/);
  const enrolled = await called(enrolResponders, [file, ...deployment]);
  t.match(enrolled, { code: 0, printed: '6 of 6 keys of ocsp-1 are new' });
  t.equal(enrolled.printed.split('\n')[1], made.printed.split('\n')[1], 'the operator can compare');
  const again = await called(enrolResponders, [file, ...deployment]);
  t.match(again, { code: 0, printed: '0 of 6 keys' });
});

t.test('a file is not written over', async (t) => {
  await t.rejects(called(requestResponders, [file, ...both, ...node]), { code: 'output-unwritable' });
});

t.test('keys of RSA are asked for by name', async (t) => {
  const line = [
    join(folder, 'rsa.json'),
    '--authorities',
    'bronze',
    '--count',
    '1',
    '--key-type',
    'rsa-2048',
  ];
  t.equal((await called(requestResponders, [...line, ...node])).code, 0);
});

type Written = { nodeName: unknown; requests: { authorityId: unknown; certificationRequest: string }[] };
const faults: [name: string, spoil: (written: Written) => unknown, code: string][] = [
  ['no JSON object', () => 3, 'responder-requests-malformed'],
  ['another version', (written) => ({ ...written, version: 2 }), 'responder-requests-malformed'],
  ['no requests', (written) => ({ ...written, requests: [] }), 'responder-requests-malformed'],
  ['a request of nothing', (written) => ({ ...written, requests: [null] }), 'responder-requests-malformed'],
  [
    'too many',
    (written) => ({ ...written, requests: Array(721).fill(written.requests[0]) }),
    'responder-requests-malformed',
  ],
  ['a name that is none', (written) => ({ ...written, nodeName: '../x' }), 'node-name-malformed'],
  [
    'a CA that is not here',
    (written) => ({ ...written, requests: [{ ...written.requests[0], authorityId: 'gold' }] }),
    'authority-unknown',
  ],
  [
    'the root, which is offline',
    (written) => ({ ...written, requests: [{ ...written.requests[0], authorityId: 'root' }] }),
    'authority-unknown',
  ],
  [
    'a request that is none',
    (written) => ({ ...written, requests: [{ ...written.requests[0], certificationRequest: 'x' }] }),
    'certification-request-malformed',
  ],
];
for (const [name, spoil, code] of faults) {
  t.test(`a file with ${name} is refused`, async (t) => {
    const spoiled = join(folder, 'spoiled.json');
    writeFileSync(spoiled, JSON.stringify(spoil(JSON.parse(readFileSync(file, 'utf8')) as Written)));
    await t.rejects(called(enrolResponders, [spoiled, ...deployment]), { code });
  });
}

t.test('what is called wrongly exits with 2', async (t) => {
  const calls: [command: typeof requestResponders, args: string[]][] = [
    [requestResponders, [join(folder, 'x'), ...both]],
    [requestResponders, [join(folder, 'x'), ...node]],
    [requestResponders, [join(folder, 'x'), ...both, ...node, '--count', '0']],
    [requestResponders, [join(folder, 'x'), ...both, ...node, '--count', '61']],
    [requestResponders, [join(folder, 'x'), ...both, ...node, '--key-type', 'rsa-1024']],
    [requestResponders, [...both, ...node]],
    [enrolResponders, []],
    [migrateDatabase, ['up']],
  ];
  for (const [command, args] of calls) t.equal((await called(command, args)).code, 2, args.join(' '));
});

t.test('mohr migrate brings a database to this version, once', async (t) => {
  const { url } = await createTestDatabase(t);
  const first = await called(migrateDatabase, ['--database-url', url]);
  t.match(first, { code: 0, printed: /^ran 0001_authorities\nran 0002/ });
  t.match(await called(migrateDatabase, ['--database-url', url]), {
    code: 0,
    printed: 'nothing to migrate\n',
  });
});

async function called(
  command: typeof requestResponders,
  args: string[],
): Promise<{ code: number; printed: string }> {
  let printed = '';
  const output = { write: (text: string | Uint8Array) => Boolean((printed += String(text))) };
  return { code: await command(args, output), printed };
}
