import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { SIGNED_FORMATS } from '../../cli/sign/signed-formats.ts';
import { signContent } from '../../cli/sign/sign-content.ts';
import { readSignLine } from '../../cli/sign/sign-line.ts';
import { createKeyFile } from '../../keys/create-key-file.ts';
import { openFileSigner } from '../../keys/file-signer.ts';
import { generateTokenKey } from '../../keys/generate-token-key.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import type { Signer } from '../../keys/signer.ts';
import { encodePem } from '../../pki/pem.ts';
import type { KeyType } from '../../pki/key-type.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { pdfOf } from '../support/pdf-samples.ts';
import { runMohr } from '../support/run-mohr.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { SOFTHSM_MODULE, softToken } from '../support/soft-token.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const token = softToken(t);
const folder = temporaryFolder(t);
const deployment = await FixtureDeployment.create();
const content = Buffer.from('{"docId":"0000112233","note":"نسخهٔ آزمایشی"}\r\n');

const [format] = SIGNED_FORMATS;
const ORDER = {
  content,
  fileName: 'prescription.json',
  format,
  detached: false,
  clock: deployment.clock,
  certificates: [],
};

const LOGIN = ['--module', SOFTHSM_MODULE, '--token-label', 'Health CA', '--login', '--pin', '567890'];
writeCertificate('issuer', deployment.bronze.certificate.bytes, 'ff');

/** A key on the token, certified by the fixture's CA; the certificate is on the token too. */
async function doctorsKey(object: string, keyType: KeyType): Promise<string> {
  const uri = token.uri(object);
  const subjectPublicKeyInfo = await generateTokenKey({ uri, keyType });
  const { certificate } = await deployment.issue({ ...memorySigner(), subjectPublicKeyInfo });
  const listing = execFileSync('pkcs11-tool', [...LOGIN, '--list-objects', '--type', 'privkey'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const id = /ID: +([0-9a-f]+)/.exec(listing.slice(listing.indexOf(object)))![1];
  writeCertificate(object, certificate.bytes, id);
  return uri;
}

t.test('a token signs what our validation and OpenSSL accept', async (t) => {
  for (const keyType of ['p-256', 'rsa-2048'] as const) {
    const uri = await doctorsKey(keyType, keyType);
    const signature = await signContent({
      ...{ ...ORDER, key: { uri } },
      askSecret: () => Promise.reject(new Error('the URI has a pin-source')),
    });
    t.match(await deployment.validate(signature), { indication: 'TOTAL-PASSED' }, keyType);
    t.ok(opensslVerifies(signature), keyType);
  }
});

t.test('a PDF holds its signature', async (t) => {
  const pades = SIGNED_FORMATS.find(({ name }) => name === 'pades') ?? format;
  const order = { ...ORDER, content: pdfOf(), format: pades, key: { uri: token.uri('p-256') } };
  const askSecret = () => Promise.reject(new Error('the URI has a pin-source'));
  const signed = await signContent({ ...order, askSecret });
  t.match(await deployment.validate(signed), {
    indication: 'TOTAL-PASSED',
    signatures: [{ format: 'PAdES' }],
  });
  await t.rejects(signContent({ ...order, detached: true, askSecret }), { code: 'document-format' });
});

t.test('the PIN is asked for where the URI names no source', async (t) => {
  const uri = token.uri('p-256').replace(/&pin-source.*/, '');
  const order = { ...ORDER, key: { uri }, detached: true };
  const signature = await signContent({ ...order, askSecret: async () => new Passphrase('567890') });
  t.match(await deployment.validate(signature, { content }), { indication: 'TOTAL-PASSED' });
  await t.rejects(signContent({ ...order, askSecret: async () => new Passphrase('000000') }), {
    code: 'pin-wrong',
    message: /^(?!.*000000)/,
  });
});

t.test('XML signatures and containers hold what is signed, under its name', async (t) => {
  const xml = Buffer.from('<report xmlns="urn:example:his"/>');
  const cases = [
    { name: 'xades', content: xml, packaging: 'enveloped' },
    { name: 'xades', content, packaging: 'enveloping' },
    { name: 'xades', content, detached: true, packaging: 'detached' },
    { name: 'asic', content, packaging: 'detached' },
    { name: 'asic-cades', content, packaging: 'detached', format: 'CAdES' },
  ];
  for (const { name, packaging, format = 'XAdES', ...more } of cases) {
    const signature = await signContent({
      ...{ ...ORDER, ...more, key: { uri: token.uri('p-256') } },
      format: SIGNED_FORMATS.find((one) => one.name === name)!,
      askSecret: () => Promise.reject(new Error('the URI has a pin-source')),
    });
    const contentsByName = new Map([['prescription.json', content]]);
    const verdict = await deployment.validate(signature, more.detached ? { contentsByName } : {});
    t.match(verdict, { cryptographic: 'PASSED', signatures: [{ format, packaging }] }, name);
    t.equal(verdict.reasons.filter(({ code }) => code === 'content-not-covered').length, 0);
  }
});

t.test('JAdES, with the content in it or beside it', async (t) => {
  for (const detached of [false, true]) {
    const signature = await signContent({
      ...{ ...ORDER, detached, key: { uri: token.uri('p-256') } },
      format: SIGNED_FORMATS.find(({ name }) => name === 'jades')!,
      askSecret: () => Promise.reject(new Error('the URI has a pin-source')),
    });
    t.match(await deployment.validate(signature, detached ? { content } : {}), {
      indication: 'TOTAL-PASSED',
      signatures: [
        { format: 'JAdES', packaging: detached ? 'detached' : 'enveloping', level: { reached: 'B-B' } },
      ],
    });
  }
});

t.test('mohr sign writes a signature beside its file, and never over one', async (t) => {
  const file = join(folder, 'prescription.xml');
  writeFileSync(file, content);
  const { code, stdout, stderr } = await runMohr(['sign', '--pkcs11', token.uri('p-256'), file]);
  t.equal(code, 0, stderr);
  t.equal(stdout, `${file}.p7m\n`);
  t.ok(opensslVerifies(readFileSync(`${file}.p7m`)));
  const again = await runMohr(['sign', '--pkcs11', token.uri('p-256'), file]);
  t.equal(again.code, 1);
  t.match(again.stderr, /output-exists/);
  t.equal((await runMohr(['sign', file])).code, 2, 'no key is named');
});

t.test('a key file signs too, and its passphrase is read from a file', async (t) => {
  const path = join(folder, 'doctor.key');
  await createKeyFile({ path, keyType: 'p-256', passphrase: new Passphrase('a passphrase') });
  const signer = await openFileSigner({ path, passphrase: new Passphrase('a passphrase') });
  const { certificate } = await deployment.issue({ ...memorySigner(), ...publicHalfOf(signer) });
  const [file, pem, secret] = ['letter.txt', 'doctor.pem', 'secret'].map((name) => join(folder, name));
  writeFileSync(file, content);
  const chain = [certificate, deployment.bronze.certificate];
  writeFileSync(pem, chain.map(({ bytes }) => encodePem('CERTIFICATE', bytes)).join(''));
  writeFileSync(secret, 'a passphrase\n', { mode: 0o600 });
  const args = ['sign', '--key', path, '--passphrase-file', secret, '--certificate', pem];
  const { code, stderr } = await runMohr([...args, file]);
  t.equal(code, 0, stderr);
  t.ok(opensslVerifies(readFileSync(`${file}.p7m`)));
});

t.test('a level that cannot be reached is said before anything is signed', (t) => {
  const key = ['--key', 'k', 'file'];
  const url = ['--tsa', 'http://tsa.example'];
  t.match(readSignLine(key, undefined), { out: 'file.p7m', level: 'B-B', detached: false });
  t.equal(readSignLine([...key, '--level', 'B-T'], undefined), undefined, 'nobody stamps');
  t.match(readSignLine([...key, '--level', 'B-T'], 'http://tsa.example'), { tsaUrl: 'http://tsa.example' });
  t.equal(readSignLine([...key, '--level', 'B-LT', ...url], undefined), undefined, 'no root');
  t.match(readSignLine([...key, '--level', 'B-LT', ...url, '--trust', 'root.pem'], undefined), {
    trustFile: 'root.pem',
  });
  for (const wrong of [['--format', 'paper'], ['--level', 'B-X'], ['--card', '1'], ['other']])
    t.equal(readSignLine([...key, ...wrong], undefined), undefined, wrong.join(' '));
  t.end();
});

function publicHalfOf({ subjectPublicKeyInfo }: Signer): Pick<Signer, 'subjectPublicKeyInfo'> {
  return { subjectPublicKeyInfo };
}

function writeCertificate(label: string, octets: Buffer, id: string): void {
  const file = join(folder, `${label}.der`);
  writeFileSync(file, octets);
  const write = ['--write-object', file, '--type', 'cert', '--label', label, '--id', id];
  execFileSync('pkcs11-tool', [...LOGIN, ...write], { stdio: 'ignore' });
}

function opensslVerifies(signature: Buffer): boolean {
  writeFileSync(join(folder, 'root.pem'), encodePem('CERTIFICATE', deployment.root.certificate.bytes));
  writeFileSync(join(folder, 'signature.p7m'), signature);
  const out = runOpenssl(
    [
      ...['cms', '-verify', '-inform', 'DER', '-in', 'signature.p7m', '-binary', '-cades', '-purpose', 'any'],
      ...['-CAfile', 'root.pem', '-attime', String(NOON.getTime() / 1000)],
    ],
    { cwd: folder },
  );
  return out.equals(content);
}
