import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { HotSetFile } from '../../cli/hot-set-file.ts';
import { HotSet } from '../../ocsp/hot-set.ts';
import { FixtureOcsp } from '../support/fixture-ocsp.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

t.test('what was asked for comes back, in its order', async (t) => {
  const { folder, hotSet } = await asked(t);
  const file = new HotSetFile(folder);
  t.equal((await file.read()).size, 0, 'no file yet');
  await file.write(hotSet);
  t.strictSame((await new HotSetFile(folder).read()).answers(), hotSet.answers());
  t.equal(statSync(join(folder, 'ocsp-hot-set')).mode & 0o777, 0o600);
  t.notMatch(readFileSync(join(folder, 'ocsp-hot-set'), 'latin1'), /20\d\d-/, 'nothing of when');
});

t.test('nothing is written when nothing is new', async (t) => {
  const { folder, hotSet } = await asked(t);
  const file = new HotSetFile(folder);
  await file.write(hotSet);
  writeFileSync(join(folder, 'ocsp-hot-set'), '');
  await file.write(hotSet);
  t.equal(statSync(join(folder, 'ocsp-hot-set')).size, 0);
});

t.test('lines that are damaged are left out', async (t) => {
  const { folder, hotSet } = await asked(t);
  const file = new HotSetFile(folder);
  await file.write(hotSet);
  const path = join(folder, 'ocsp-hot-set');
  const [first] = readFileSync(path, 'latin1').split('\n');
  const damaged = [
    '',
    'bronze',
    'bronze rot13 MAA=',
    'bronze ecdsa-sha256 MAA=',
    'bronze toString MAA=',
    'x'.repeat(9999),
  ];
  writeFileSync(path, [...damaged, first, ...damaged].join('\n'));
  t.equal((await new HotSetFile(folder).read()).size, 1);
});

async function asked(t: Parameters<typeof temporaryFolder>[0]) {
  const hotSet = new HotSet();
  const house = await FixtureOcsp.create({ onAsked: (hot) => hotSet.note(hot) });
  for (const hashAlgorithm of ['sha1', 'sha256'] as const)
    await house.responder.respond(house.request([await house.issue()], { hashAlgorithm }));
  return { folder: temporaryFolder(t), hotSet };
}
