import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import t from 'tap';
import type { Test } from 'tap';

import { join as joinPkcs12 } from '../../cli/pkcs12/join.ts';
import { pkcs12 } from '../../cli/pkcs12/pkcs12.ts';
import { request } from '../../cli/pkcs12/request.ts';
import { createKeyFile } from '../../keys/create-key-file.ts';
import { openFileSigner } from '../../keys/file-signer.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import { bmpPassword, pkcs12Password } from '../../keys/pkcs12/pkcs12-password.ts';
import { deriveMacKey } from '../../keys/pkcs12/derive-mac-key.ts';
import type { Signer } from '../../keys/signer.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { encodePem } from '../../pki/pem.ts';
import { authorityTemplate, fixtureCertificate, physicianTemplate } from '../support/fixture-certificate.ts';
import { runProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The files as their holders make them, read by what reads such files on other machines.

const folder = temporaryFolder(t);
const at = (name: string) => join(folder, name);
const PASSWORD = 'a pass of 2 hands!';
for (const [name, secret] of Object.entries({
  'key.pass': 'گذرواژه و more',
  'p12.pass': PASSWORD,
  'other.pass': 'not this one',
}))
  writeFileSync(at(name), `${secret}\n`, { mode: 0o600 });
const READ_PKCS12 = fileURLToPath(new URL('ReadPkcs12.java', import.meta.url));
const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const SECRETS = [`--passphrase-file=${at('key.pass')}`, `--password-file=${at('p12.pass')}`];
let printed = '';
const output = { write: (text: string | Uint8Array) => Boolean((printed += String(text))) };

for (const keyType of ['p-256', 'rsa-2048'] as const) {
  await t.test(`a ${keyType} key, from the request to the file, in the form of today`, async (t) => {
    await enrol(keyType);
    t.equal(await joined(keyType, `modern-${keyType}`), 0);
    const openssl = await run('openssl', [
      'pkcs12',
      '-info',
      '-in',
      `modern-${keyType}.p12`,
      '-noenc',
      '-passin',
      'file:p12.pass',
    ]);
    t.match(openssl.output, /MAC: sha256, Iteration 600000/);
    t.equal(
      openssl.output.match(/PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256/g)?.length,
      2,
      'key and certificates',
    );
    await readsEverywhere(t, keyType, `modern-${keyType}`);
  });
}

await t.test('an RSA key in the form of old devices', async (t) => {
  t.equal(await joined('rsa-2048', 'legacy', '--legacy'), 0);
  t.match(printed, 'this is the old form');
  const openssl = await run('openssl', [
    'pkcs12',
    '-legacy',
    '-info',
    '-in',
    'legacy.p12',
    '-noenc',
    '-passin',
    'file:p12.pass',
  ]);
  t.match(openssl.output, /MAC: sha1, Iteration 20000/);
  t.match(openssl.output, /Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 20000/);
  await readsEverywhere(t, 'rsa-2048', 'legacy');
});

await t.test('the old form knows RSA alone', async (t) => {
  await enrol('p-256');
  await t.rejects(joined('p-256', 'refused', '--legacy'), { code: 'pkcs12-legacy-rsa-only' });
});

await t.test('what does not belong together is not joined', async (t) => {
  await createKeyFile({
    path: at('other.key'),
    keyType: 'p-256',
    passphrase: new Passphrase('گذرواژه و more'),
  });
  const key = (name: string) => [`--key=${at(name)}`, `--certificates=${at('p-256.pem')}`];
  await t.rejects(joinPkcs12([at('x.p12'), ...key('other.key'), ...SECRETS], output), {
    code: 'pkcs12-key-mismatch',
  });
  const foreign = await authority('stranger', 'p-256');
  writeFileSync(at('stranger.pem'), pemOf([foreign.certificate]));
  const stranger = [`--key=${at('p-256.key')}`, `--certificates=${at('p-256.pem')},${at('stranger.pem')}`];
  await t.rejects(joinPkcs12([at('x.p12'), ...stranger, ...SECRETS], output), { code: 'pkcs12-chain' });
  const wrong = [SECRETS[1], `--passphrase-file=${at('other.pass')}`];
  await t.rejects(joinPkcs12([at('x.p12'), ...key('p-256.key'), ...wrong], output), {
    code: 'key-passphrase',
  });
  await t.rejects(joined('p-256', 'modern-p-256'), { code: 'key-file-exists' }, 'no file is overwritten');
});

await t.test('a password that devices read differently is refused', async (t) => {
  for (const bad of ['رمزعبور۱۲۳', 'short', 'x'.repeat(129), 'tab\there too'])
    t.throws(() => pkcs12Password(new Passphrase(bad)), { code: 'pkcs12-password' }, bad);
  t.equal(pkcs12Password(new Passphrase('8 signs!')), '8 signs!');
});

await t.test('a password longer than a block of the hash derives as OpenSSL derives it', async (t) => {
  const password = bmpPassword('p'.repeat(40));
  const salt = Buffer.alloc(70, 7);
  const options = [
    'digest:SHA256',
    `hexpass:${password.toString('hex')}`,
    `hexsalt:${salt.toString('hex')}`,
    'iter:1000',
    'id:3',
  ];
  const args = ['kdf', '-keylen', '32', ...options.flatMap((option) => ['-kdfopt', option]), 'PKCS12KDF'];
  const { output: derived } = await run('openssl', args);
  const ours = deriveMacKey({ password, salt, iterations: 1000 });
  t.equal(derived.trim().replaceAll(':', '').toLowerCase(), ours.toString('hex'));
});

await t.test('what is called wrongly exits with 2', async (t) => {
  const calls: [command: (args: string[]) => Promise<number>, args: string[]][] = [
    [pkcs12, []],
    [pkcs12, ['show']],
    [request, [at('a.key')]],
    [request, [at('a.key'), at('a.csr'), '--key-type=ed25519']],
    [joinPkcs12, [at('a.p12'), '--key', at('p-256.key')]],
    [joinPkcs12, [at('a.p12'), '--password=hunter2']],
  ];
  for (const [command, args] of calls) t.equal(await command(args), 2, args.join(' '));
});

/** Key and request by the command, certificates by a CA of the same kind of key. */
async function enrol(keyType: 'p-256' | 'rsa-2048'): Promise<void> {
  const files = ['key', 'csr'].map((end) => at(`${keyType}.${end}`));
  const made = await request([...files, `--key-type=${keyType}`, SECRETS[0]], output).catch(
    (error: { code: string }) => error.code,
  );
  if (made === 'key-file-exists') return;
  const { subjectPublicKeyInfo } = parseCertificationRequest(readFileSync(files[1], 'utf8'));
  const issuer = await authority(`${keyType} CA`, keyType);
  const certificate = await fixtureCertificate(physicianTemplate(subjectPublicKeyInfo), issuer);
  writeFileSync(at(`${keyType}.pem`), pemOf([issuer.certificate, certificate]));
}

async function authority(
  name: string,
  keyType: 'p-256' | 'rsa-2048',
): Promise<{ certificate: Certificate; signer: Signer }> {
  const passphrase = new Passphrase('of the authority');
  await createKeyFile({ path: at(`${name}.key`), keyType, passphrase });
  const signer = await openFileSigner({ path: at(`${name}.key`), passphrase });
  return { signer, certificate: await fixtureCertificate(authorityTemplate(name, signer), { signer }) };
}

function pemOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ bytes }) => encodePem('CERTIFICATE', bytes)).join('');
}

function joined(keyType: string, name: string, ...more: string[]): Promise<number> {
  const files = [
    at(`${name}.p12`),
    `--key=${at(`${keyType}.key`)}`,
    `--certificates=${at(`${keyType}.pem`)}`,
  ];
  return joinPkcs12([...files, '--name=Mina', ...SECRETS, ...more], output);
}

function run(program: string, args: readonly string[]) {
  return runProgram(program, args, { folder });
}

/** GnuTLS, NSS, keytool and the JDK open the file too, and not with another password. */
async function readsEverywhere(t: Test, keyType: string, name: string): Promise<void> {
  const file = `${name}.p12`;
  const gnutls = ['--p12-info', '--inder', '--infile', file];
  const opened = await run('certtool', [...gnutls, '--password', PASSWORD]);
  t.equal(opened.code, 0, opened.output);
  t.equal(opened.output.match(/BEGIN CERTIFICATE/g)?.length, 2, 'certtool finds certificate and issuer');
  t.match(opened.output, /BEGIN (ENCRYPTED |RSA |EC )?PRIVATE KEY/);
  t.not((await run('certtool', [...gnutls, '--password', 'not this one'])).code, 0);

  const database = ['-d', `sql:${temporaryFolder(t)}`];
  t.equal((await run('certutil', [...database, '-N', '--empty-password'])).code, 0);
  const imported = await run('pk12util', [...database, '-i', file, '-w', 'p12.pass']);
  t.match(imported.output, /IMPORT SUCCESSFUL/);
  t.match(
    (await run('certutil', [...database, '-K'])).output,
    keyType === 'p-256' ? /ec .*Mina/ : /rsa .*Mina/,
  );
  t.not((await run('pk12util', [...database, '-i', file, '-w', 'other.pass'])).code, 0);

  const listed = await run('keytool', [
    '-list',
    '-storetype',
    'PKCS12',
    '-keystore',
    file,
    '-storepass:file',
    'p12.pass',
  ]);
  t.match(listed.output, /mina, .*PrivateKeyEntry/);
  const java = await run('java', [...JVM, READ_PKCS12, file, PASSWORD]);
  t.match(
    java.output,
    new RegExp(`^${keyType === 'p-256' ? 'EC' : 'RSA'} chain 2 verified true`),
    java.output,
  );
}
