import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';

import t from 'tap';

import { Passphrase, passphraseFromCredential, passphraseFromFile } from '../../keys/passphrase.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

t.test('shows itself in no inspection, no text and no JSON', async (t) => {
  const passphrase = new Passphrase('sésame ouvre-toi');
  const shown = [
    inspect(passphrase, { depth: Infinity, showHidden: true }),
    inspect({ nested: [passphrase] }, { depth: Infinity, showHidden: true, getters: true }),
    JSON.stringify({ passphrase }),
    String(passphrase),
    JSON.stringify(Object.entries(passphrase)),
  ].join('\n');
  for (const form of ['utf8', 'hex', 'base64'] as const) {
    t.notMatch(shown, passphrase.reveal().toString(form).slice(0, 8), form);
  }
  t.notMatch(shown, /73 c3 a9 73/, 'octets of a Buffer');
});

t.test('takes one line from a file of its owner alone', async (t) => {
  const path = join(temporaryFolder(t), 'passphrase');
  const forms = { 'a line': 'one two', 'with LF': 'one two\n', 'with CRLF': 'one two\r\n' };
  for (const [name, contents] of Object.entries(forms)) {
    write(path, contents);
    t.equal((await passphraseFromFile(path)).reveal().toString('utf8'), 'one two', name);
  }
  write(path, ' padded گذر \n');
  t.equal((await passphraseFromFile(path)).reveal().toString('utf8'), ' padded گذر ', 'blanks belong to it');
  chmodSync(path, 0o400);
  t.ok(await passphraseFromFile(path), 'mode 0400');
});

t.test('refuses what is no passphrase', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'passphrase');
  const bad = { empty: '', 'a line end': '\n', 'two lines': 'one\ntwo\n', '1025 octets': 'x'.repeat(1025) };
  for (const [name, contents] of Object.entries(bad)) {
    write(path, contents);
    await t.rejects(passphraseFromFile(path), { code: 'passphrase-source' }, name);
  }
  write(path, 'x'.repeat(1027));
  await t.rejects(passphraseFromFile(path), { code: 'secret-file-unreadable' }, 'a file too large to be one');
  await t.rejects(passphraseFromFile(join(folder, 'gone')), { code: 'secret-file-unreadable' });
  mkdirSync(join(folder, 'folder'), { mode: 0o700 });
  await t.rejects(passphraseFromFile(join(folder, 'folder')), { code: 'secret-file-unreadable' });
  t.throws(() => new Passphrase(''), { code: 'passphrase-source' });
});

t.test('refuses a file that others can touch, also through a link', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'passphrase');
  write(path, 'secret');
  symlinkSync(path, join(folder, 'link'));
  for (const mode of [0o640, 0o604, 0o620, 0o610, 0o644, 0o666]) {
    chmodSync(path, mode);
    const name = `0${mode.toString(8)}`;
    await t.rejects(
      passphraseFromFile(path),
      { code: 'secret-file-permissions', detail: new RegExp(name) },
      name,
    );
    await t.rejects(
      passphraseFromFile(join(folder, 'link')),
      { code: 'secret-file-permissions' },
      `${name}, link`,
    );
  }
});

t.test('takes a systemd credential, which an ACL may share with its group', async (t) => {
  const directory = temporaryFolder(t);
  write(join(directory, 'ca-key.passphrase'), 'of the unit\n');
  const credential = { directory, name: 'ca-key.passphrase' };
  for (const mode of [0o400, 0o440]) {
    chmodSync(join(directory, credential.name), mode);
    t.equal((await passphraseFromCredential(credential)).reveal().toString('utf8'), 'of the unit');
  }
  chmodSync(join(directory, credential.name), 0o444);
  await t.rejects(passphraseFromCredential(credential), { code: 'secret-file-permissions' });
  for (const name of ['../passphrase', '.hidden', '', 'a/b', 'x'.repeat(256)]) {
    await t.rejects(
      passphraseFromCredential({ directory, name }),
      { code: 'passphrase-source' },
      name.slice(0, 20),
    );
  }
});

function write(path: string, contents: string): void {
  writeFileSync(path, contents);
  chmodSync(path, 0o600);
}
