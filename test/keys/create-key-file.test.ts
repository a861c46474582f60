import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import t from 'tap';

import { createKeyFile } from '../../keys/create-key-file.ts';
import { openFileSigner } from '../../keys/file-signer.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const passphrase = new Passphrase('رمز کلید');
const cost = { costParameter: 1024, blockSize: 8, parallelization: 1 };
const root = fileURLToPath(new URL('../..', import.meta.url));

t.test('the file is its owner’s alone, encrypted, and leaves nothing beside it', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'ca.key');
  await createKeyFile({ path, keyType: 'p-256', passphrase, cost });
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.strictSame(readdirSync(folder), ['ca.key']);
  t.match(readFileSync(path, 'utf8'), /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
});

t.test('an existing file is never overwritten', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'ca.key');
  writeFileSync(path, 'whatever was here');
  await t.rejects(createKeyFile({ path, keyType: 'p-256', passphrase, cost }), { code: 'key-file-exists' });
  t.equal(readFileSync(path, 'utf8'), 'whatever was here');
  t.strictSame(readdirSync(folder), ['ca.key']);
});

t.test('of two makers of one file, one wins and its key is the one on disk', async (t) => {
  const path = join(temporaryFolder(t), 'ca.key');
  const attempts = [1, 2, 3, 4].map(() => createKeyFile({ path, keyType: 'p-256', passphrase, cost }));
  const outcomes = await Promise.allSettled(attempts);
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  t.equal(won.length, 1);
  t.same((await openFileSigner({ path, passphrase })).subjectPublicKeyInfo, won[0].value);
});

t.test('what cannot be written is refused and leaves nothing', async (t) => {
  const folder = temporaryFolder(t);
  const nowhere = createKeyFile({ path: join(folder, 'none', 'ca.key'), keyType: 'p-256', passphrase, cost });
  await t.rejects(nowhere, { code: 'key-file-unwritable' });
  const script = `
    import { writeNewFile } from './keys/write-new-file.ts';
    process.on('SIGXFSZ', () => undefined);
    await writeNewFile(process.argv[1], Buffer.alloc(2048)).catch((error) => process.stdout.write(error.code));`;
  // A file size limit of one block is a disk that is full after 512 octets.
  const limited = spawnSync(
    'sh',
    [
      '-c',
      'ulimit -f 1; exec "$0" --import tsx --eval "$1" "$2"',
      process.execPath,
      script,
      join(folder, 'full.key'),
    ],
    { cwd: root, env: { ...process.env, TSX_DISABLE_CACHE: '1' }, encoding: 'utf8' },
  );
  t.equal(limited.stdout, 'key-file-unwritable', limited.stderr);
  t.strictSame(readdirSync(folder), []);
});
