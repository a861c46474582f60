import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';

import t from 'tap';

import { readKeyPassphrase } from '../../cli/key-passphrase.ts';
import { KeyStore } from '../../cli/key-store.ts';
import type { TerminalInput } from '../../keys/passphrase-from-terminal.ts';
import { parsePkcs11Uri } from '../../keys/pkcs11-uri.ts';
import { assertSignerMatches } from '../../keys/prove-possession.ts';
import { softToken } from '../support/soft-token.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const token = softToken(t);

t.test('for evaluation, the passphrase is made beside the keys and found again', async (t) => {
  const folder = join(temporaryFolder(t), 'keys');
  const reference = await (await KeyStore.open(folder)).create('bronze', 'p-256');
  t.match(reference, /^file:bronze-[0-9a-f]{8}\.key$/);
  t.ok(existsSync(join(folder, 'passphrase')));
  const signer = await (await KeyStore.open(folder)).openSigner(reference);
  await t.resolves(assertSignerMatches(signer, signer.subjectPublicKeyInfo));
});

t.test('a passphrase of another place leaves nothing beside the keys', async (t) => {
  const place = temporaryFolder(t);
  const keyPassphraseFile = join(place, 'secret');
  writeFileSync(keyPassphraseFile, 'from a file\n', { mode: 0o600 });
  writeFileSync(join(place, 'mohr-key-passphrase'), 'from systemd\n', { mode: 0o400 });
  const sources = {
    'a file': { keyPassphraseFile },
    'a systemd credential': { credentialsDirectory: place },
  };
  for (const [name, source] of Object.entries(sources)) {
    const folder = join(place, name);
    const reference = await (await KeyStore.open(folder, source)).create('bronze', 'p-256');
    t.notOk(existsSync(join(folder, 'passphrase')), name);
    await t.resolves((await KeyStore.open(folder, source)).openSigner(reference), name);
    for (const other of Object.values(sources).filter((one) => one !== source)) {
      const wrong = await KeyStore.open(folder, other);
      await t.rejects(wrong.openSigner(reference), { code: 'key-passphrase' });
    }
  }
});

t.test('the file goes before the credential', async (t) => {
  const place = temporaryFolder(t);
  const keyPassphraseFile = join(place, 'secret');
  writeFileSync(keyPassphraseFile, 'from a file\n', { mode: 0o600 });
  writeFileSync(join(place, 'mohr-key-passphrase'), 'from systemd\n', { mode: 0o400 });
  const read = await readKeyPassphrase(place, { keyPassphraseFile, credentialsDirectory: place });
  t.equal(read.reveal().toString(), 'from a file');
});

t.test('a passphrase is asked for once, twice over for the first key, and shown never', async (t) => {
  const folder = join(temporaryFolder(t), 'keys');
  const source = { keyPassphrasePrompt: true };
  const terminal = terminalOf('swordfish', 'swordfish');
  const read = async () => (await readKeyPassphrase(folder, source, terminal)).reveal().toString();
  t.strictSame([await read(), await read()], ['swordfish', 'swordfish']);
  const what = `Passphrase of the keys in ${folder}`;
  t.equal(terminal.shown(), `${what}: \n${what}, once more: \n`);

  // The stores of this process ask no more.
  const reference = await (await KeyStore.open(folder, source)).create('bronze', 'p-256');
  const signer = await (await KeyStore.open(folder, source)).openSigner(reference);
  await t.resolves(assertSignerMatches(signer, signer.subjectPublicKeyInfo));

  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  await readKeyPassphrase(copy, source, terminalOf('swordfisch'));
  const wrong = (await KeyStore.open(copy, source)).openSigner(reference);
  await t.rejects(wrong, { code: 'key-passphrase' }, 'where keys are, it is typed once');
  const mistyped = readKeyPassphrase(`${folder}-new`, source, terminalOf('swordfish', 'swordfisch'));
  await t.rejects(mistyped, { code: 'passphrase-unconfirmed' });
});

t.test('a configured source that is not there is refused, not replaced', async (t) => {
  const place = temporaryFolder(t);
  const keyPassphraseFile = join(place, 'secret');
  const store = await KeyStore.open(join(place, 'keys'), { keyPassphraseFile });
  await t.rejects(store.create('bronze', 'p-256'), { code: 'secret-file-unreadable' });
  writeFileSync(keyPassphraseFile, 'for everybody\n', { mode: 0o644 });
  await t.rejects(store.create('bronze', 'p-256'), { code: 'secret-file-permissions' });
  const bare = await KeyStore.open(join(place, 'keys'), { credentialsDirectory: place });
  await t.rejects(bare.create('bronze', 'p-256'), { code: 'secret-file-unreadable' });
  t.strictSame(await store.listFiles(), []);
});

t.test('new keys are made on the configured token, and files still open', async (t) => {
  const folder = join(temporaryFolder(t), 'keys');
  const file = await (await KeyStore.open(folder)).create('old', 'p-256');
  const store = await KeyStore.open(folder, { keys: token.tokenUri });
  const references = [await store.create('bronze', 'p-256'), await store.create('bronze', 'rsa-2048')];
  for (const reference of references) {
    const { object, token: label } = parsePkcs11Uri(reference);
    t.match([object, label], [/^bronze-[0-9a-f]{8}$/, 'Health CA']);
  }
  const signers = await Promise.all([...references, file].map((one) => store.openSigner(one)));
  t.strictSame(
    signers.map(({ algorithm }) => algorithm),
    ['ecdsa-sha256', 'rsa-sha256', 'ecdsa-sha256'],
  );
  t.strictSame(await store.listFiles(), [file]);
  await store.close();
  await t.rejects(signers[0].sign(Buffer.from('late')), { code: 'key-unavailable' }, 'sessions are closed');
});

t.test('a key is opened once, and again after a failure', async (t) => {
  const store = await KeyStore.open(join(temporaryFolder(t), 'keys'), {
    keys: token.tokenUri,
    reconnectPauseMs: 0,
  });
  t.teardown(() => store.close());
  const reference = await store.create('bronze', 'p-256');
  token.remove();
  await t.rejects(store.openSigner(reference));
  token.putBack();
  const signer = await store.openSigner(reference);
  t.equal(await store.openSigner(reference), signer);
});

t.test('a reference says how an RSA key signs, in a file and on a token', async (t) => {
  for (const keys of ['file', token.tokenUri]) {
    const store = await KeyStore.open(join(temporaryFolder(t), 'keys'), { keys });
    t.teardown(() => store.close());
    const reference = await store.create('pss', 'rsa-2048');
    const signers = await Promise.all(
      [reference, `${reference}#rsa-pss-sha256`].map((one) => store.openSigner(one)),
    );
    t.strictSame(
      signers.map(({ algorithm }) => algorithm),
      ['rsa-sha256', 'rsa-pss-sha256'],
    );
    await t.resolves(assertSignerMatches(signers[1], signers[0].subjectPublicKeyInfo));
    await t.rejects(store.openSigner(`${reference}#ecdsa-sha256`), { code: 'algorithm-mismatch' });
    for (const wrong of ['#', '#rsa-md5', '#rsa-sha256#rsa-sha256', '#constructor'])
      await t.rejects(store.openSigner(reference + wrong), { code: 'key-reference-malformed' }, wrong);
  }
});

t.test('what is no reference is refused', async (t) => {
  const folder = join(temporaryFolder(t), 'keys');
  const store = await KeyStore.open(folder);
  for (const reference of ['file:../x.key', 'file:passphrase', 'x.key', ''])
    await t.rejects(store.openSigner(reference), { code: 'key-reference-malformed' }, reference);
  await t.rejects(store.openSigner('pkcs11:token=x;object=y'), { code: 'pkcs11-uri-malformed' });
  mkdirSync(join(folder, 'folder.key'));
  await t.rejects(store.openSigner('file:folder.key'), { code: 'secret-file-unreadable' });
});

t.test('neither passphrase nor PIN stands in a reference or in an inspection of the store', async (t) => {
  const folder = join(temporaryFolder(t), 'keys');
  const store = await KeyStore.open(folder, { keys: token.tokenUri });
  const reference = await store.create('bronze', 'p-256');
  t.notMatch(reference, readFileSync(token.pinFile, 'utf8').trim());
  const { inspect } = await import('node:util');
  t.notMatch(inspect(store, { depth: 9, showHidden: true }), readFileSync(token.pinFile, 'utf8').trim());
  await store.close();
});

/** A terminal at which somebody answers each question as it comes. */
function terminalOf(...answers: string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true as const, setRawMode: () => undefined });
  let shown = '';
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      const text = chunk.toString();
      shown += text;
      if (text.endsWith(': ')) input.write(`${answers.shift()}\r`);
      done();
    },
  });
  return { input: input as unknown as TerminalInput, output, shown: () => shown };
}
