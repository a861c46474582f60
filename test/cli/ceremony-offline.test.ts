import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';

import t from 'tap';

import type { SecretSurroundings } from '../../cli/ceremony/secret-reader.ts';
import { CEREMONY_NAMES } from '../support/ceremony-fixtures.ts';
import { CeremonyFolder, KEY_STORE, MAKE_ROOT, PASSPHRASE } from '../support/ceremony-folder.ts';
import { runOpenssl } from '../support/run-openssl.ts';

t.test('an act leaves its certificate and a transcript that OpenSSL verifies', async (t) => {
  const machine = new CeremonyFolder(t);
  const transcript = await machine.run('01-root.yaml', MAKE_ROOT);
  t.strictSame(readdirSync(machine.path('out')).sort(), [
    '01-root.transcript.json',
    '01-root.transcript.pub.pem',
    '01-root.transcript.sig',
    '01-root.transcript.txt',
    'root.pem',
  ]);
  t.strictSame(JSON.parse(readFileSync(machine.path('out/01-root.transcript.json'), 'utf8')), transcript);
  t.match(transcript, {
    act: 'make-root',
    witnesses: ['First Witness', 'Second Witness'],
    startedAt: '2026-06-15T08:00:00.000Z',
    tool: { mohr: '0.0.0' },
    reviewedFile: machine.reviewed('01-root.yaml'),
    filesWritten: [machine.reviewed('out/root.pem')],
    profile: { id: 'root', version: 1 },
    keys: [
      { role: 'transcript', reference: 'file:ceremony.key', algorithm: 'ed25519', made: true },
      { role: 'root', reference: 'file:root.key', algorithm: 'ecdsa-sha384', made: true },
    ],
    certificates: [{ role: 'root', subject: 'C=IR, O=Health Authority, CN=Health Root CA' }],
    lints: { findings: [] },
  });
  const stem = 'out/01-root.transcript';
  const files = ['-inkey', `${stem}.pub.pem`, '-in', `${stem}.json`, '-sigfile', `${stem}.sig`];
  const verify = ['pkeyutl', '-verify', '-pubin', '-rawin', ...files];
  t.match(runOpenssl(verify, { cwd: machine.folder }).toString(), /Verified Successfully/);
  const text = readFileSync(machine.path('out/01-root.transcript.txt'), 'utf8');
  t.match(text, /First Witness; Second Witness/);
  t.match(text, new RegExp(transcript.certificates[0].sha256));
});

t.test('an RSA key signs with PSS where its reference says so', async (t) => {
  const machine = new CeremonyFolder(t);
  const key = { reference: 'file:root.key#rsa-pss-sha384', make: 'rsa-4096' };
  const transcript = await machine.run('01-root.yaml', { ...MAKE_ROOT, key });
  t.match(transcript.keys[1], { reference: 'file:root.key', algorithm: 'rsa-pss-sha384' });
  const openssl = (...args: string[]) => runOpenssl(args, { cwd: machine.folder }).toString();
  t.match(
    openssl('x509', '-in', 'out/root.pem', '-noout', '-text'),
    /Algorithm: rsassaPss\s+Hash Algorithm: sha384/,
  );
  t.match(openssl('verify', '-x509_strict', '-CAfile', 'out/root.pem', 'out/root.pem'), /OK/);
});

t.test('no passphrase and no private key gets into what an act writes', async (t) => {
  const machine = new CeremonyFolder(t);
  await machine.run('01-root.yaml', MAKE_ROOT);
  for (const name of readdirSync(machine.path('out'))) {
    const contents = readFileSync(machine.path(`out/${name}`), 'latin1');
    t.notMatch(contents, new RegExp(`PRIVATE|${PASSPHRASE}`), name);
  }
});

t.test('nothing is overwritten, and nothing is made before that is known', async (t) => {
  const machine = new CeremonyFolder(t);
  await machine.run('01-root.yaml', MAKE_ROOT);
  const before = readdirSync(machine.path('keys'));
  await t.rejects(machine.again('01-root.yaml'), { code: 'file-exists' }, 'the same act');
  const other = { ...MAKE_ROOT, key: { reference: 'file:other.key', make: 'p-384' } };
  await t.rejects(machine.run('02-root.yaml', other), { code: 'file-exists', detail: /root\.pem/ });
  t.strictSame(readdirSync(machine.path('keys')), before);
  const elsewhere = { ...MAKE_ROOT, output: 'again' };
  await t.rejects(machine.run('03-root.yaml', elsewhere), { code: 'key-file-exists' }, 'a key');
  t.throws(() => readdirSync(machine.path('again')), 'nothing was written');
});

t.test('what was reviewed is what is used', async (t) => {
  const machine = new CeremonyFolder(t);
  await machine.run('01-root.yaml', MAKE_ROOT);
  const issuer = { id: 'root', certificate: machine.reviewed('out/root.pem'), key: 'file:root.key' };
  const crl = { act: 'root-crl', keyStore: KEY_STORE, issuer, crlNumber: 1, validity: 'P1Y' };
  const changed = { ...issuer, certificate: { ...issuer.certificate, sha256: 'ab'.repeat(32) } };
  await t.rejects(machine.run('02-crl.yaml', { ...crl, issuer: changed }), { code: 'file-changed' });
  const missing = { ...issuer, certificate: { ...issuer.certificate, path: 'out/gone.pem' } };
  await t.rejects(machine.run('02-crl.yaml', { ...crl, issuer: missing }), { code: 'file-unreadable' });
  const yesterday = { ...crl, date: '2026-06-14' };
  await t.rejects(machine.run('02-crl.yaml', yesterday), {
    code: 'date-unexpected',
    detail: "this machine's clock says 2026-06-15 (UTC), the reviewed file 2026-06-14",
  });
  const profile = { id: 'root', version: 2 };
  await t.rejects(machine.run('02-root.yaml', { ...MAKE_ROOT, output: 'x', profile }), {
    code: 'profile-unexpected',
  });
  const edited = { id: 'root', version: 1, sha256: 'ab'.repeat(32) };
  const other = { ...MAKE_ROOT, output: 'x', profile: edited };
  await t.rejects(machine.run('02-root.yaml', other), { code: 'profile-unexpected' });
  const transcript = await machine.run('02-crl.yaml', crl);
  t.strictSame(transcript.filesRead, [issuer.certificate]);
  t.match(transcript.facts, { 'CRL number': '1', revoked: 'nothing' });
});

t.test('a sector brings its own profiles', async (t) => {
  const machine = new CeremonyFolder(t);
  mkdirSync(machine.path('sector'));
  const root = readFileSync(new URL('../../ca/profiles/root.yaml', import.meta.url), 'utf8');
  writeFileSync(machine.path('sector/oil-root.yaml'), root.replace('id: root', 'id: oil-root'));
  const profile = { id: 'oil-root', version: 1, folder: 'sector' };
  const transcript = await machine.run('01-root.yaml', { ...MAKE_ROOT, profile });
  t.equal(transcript.profile?.id, 'oil-root');
});

t.test('an act that failed after its key was made goes on with that key', async (t) => {
  const machine = new CeremonyFolder(t);
  const faulty = { ...MAKE_ROOT, authority: { id: 'root', commonName: 'Health\u0007Root CA' } };
  await t.rejects(machine.run('01-root.yaml', faulty), { code: 'lint-failed' });
  const transcript = await machine.run('01-root.yaml', { ...MAKE_ROOT, key: { reference: 'file:root.key' } });
  t.match(transcript.keys, [{ made: false }, { role: 'root', made: false }]);
});

t.test('a wrong passphrase is found before anything is signed', async (t) => {
  const machine = new CeremonyFolder(t);
  await machine.run('01-root.yaml', MAKE_ROOT);
  writeFileSync(machine.path('wrong'), 'something else\n', { mode: 0o600 });
  const keyStore = { folder: 'keys', passphrase: { file: 'wrong' } };
  const act = { ...MAKE_ROOT, keyStore, output: 'x', key: { reference: 'file:other.key', make: 'p-384' } };
  await t.rejects(machine.run('02-root.yaml', act), { code: 'key-passphrase' });
  t.notOk(readdirSync(machine.path('keys')).includes('other.key'));
});

/** A terminal at which somebody types the answers, one a question. */
function terminal(...answers: string[]): SecretSurroundings['terminal'] {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = new PassThrough();
  output.on('data', (shown: Buffer) => {
    if (shown.toString().endsWith(': ')) setImmediate(() => input.write(`${answers.shift() ?? ''}\n`));
  });
  return { input: input as unknown as SecretSurroundings['terminal']['input'], output };
}

t.test('a passphrase that is typed is typed twice for the first key, then once', async (t) => {
  const machine = new CeremonyFolder(t);
  const keyStore = { folder: 'keys', passphrase: { prompt: true } };
  const act = { ...MAKE_ROOT, keyStore };
  const mistyped = { secrets: { terminal: terminal('one thing', 'another') } };
  await t.rejects(machine.run('01-root.yaml', act, mistyped), { code: 'passphrase-unconfirmed' });
  t.strictSame(readdirSync(machine.path('keys')), []);
  await machine.again('01-root.yaml', { secrets: { terminal: terminal('one thing', 'one thing') } });
  const issuer = { id: 'root', certificate: machine.reviewed('out/root.pem'), key: 'file:root.key' };
  const crl = { act: 'root-crl', keyStore, issuer, crlNumber: 1, validity: 'P1Y' };
  await machine.run('02-crl.yaml', crl, { secrets: { terminal: terminal('one thing') } });
  t.ok(readdirSync(machine.path('out')).includes('root-1.crl'));
});

t.test('a passphrase comes from a systemd credential', async (t) => {
  const machine = new CeremonyFolder(t);
  const credentialsDirectory = machine.path('credentials');
  mkdirSync(credentialsDirectory);
  writeFileSync(machine.path('credentials/root-keys'), PASSPHRASE, { mode: 0o400 });
  const act = { ...MAKE_ROOT, keyStore: { folder: 'keys', passphrase: { credential: 'root-keys' } } };
  await t.rejects(machine.run('01-root.yaml', act), { code: 'passphrase-source' }, 'systemd passed none');
  const { terminal: none } = { terminal: terminal() };
  await machine.again('01-root.yaml', { secrets: { terminal: none, credentialsDirectory } });
  t.ok(readdirSync(machine.path('out')).includes('root.pem'));
});

t.test('the names of an act stand in its certificates', async (t) => {
  const machine = new CeremonyFolder(t);
  const names = { ...CEREMONY_NAMES, organization: 'سازمان سلامت' };
  const transcript = await machine.run('01-root.yaml', { ...MAKE_ROOT, names });
  t.match(transcript.certificates, [{ subject: 'C=IR, O=سازمان سلامت, CN=Health Root CA' }]);
});
