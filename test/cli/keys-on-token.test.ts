import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { PGlite } from '@electric-sql/pglite';
import t from 'tap';

import { listKeys } from '../../cli/keys/list-keys.ts';
import type { Authority } from '../../ca/authority/authority.ts';
import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open-embedded.ts';
import { KeyError } from '../../keys/key-error.ts';
import { encodePem } from '../../pki/pem.ts';
import { applicationBody } from '../support/applications.ts';
import { approve } from '../support/approve.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { SOFTHSM_MODULE, softToken } from '../support/soft-token.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

// A service whose issuing CAs and OCSP responders have their keys on a SoftHSM token; tests run in order, on one service.

const token = softToken(t);
const folder = temporaryFolder(t);
const dataDirectory = join(folder, 'data');
const opened = await openPool(await PGlite.create(), async () => undefined);
t.teardown(() => opened.close());
await migrate(opened.pool, MIGRATIONS);
const options = { opened, dataDirectory, keys: token.tokenUri, reconnectPauseMs: 0 };
let service = await openTestService(options);
t.teardown(() => service.close());
const [clerk, approver, operator] = await Promise.all([
  service.cookieOf('clerk'),
  service.cookieOf('approving-officer'),
  service.cookieOf('ca-operator'),
]);
for (const id of ['root', 'bronze']) {
  const { rawPayload } = await service.app.inject(`/ca/${id}.cer`);
  writeFileSync(join(folder, `${id}.pem`), encodePem('CERTIFICATE', rawPayload));
}

t.test('keys are made on the token and cannot leave it', async (t) => {
  const { stores } = service.house;
  const house = { ...stores, transactions: stores.database, clock: service.clock };
  const keys = await listKeys(house, []);
  t.strictSame(
    keys.map(({ keyType, uses: [{ role, authorityId }] }) => [role, authorityId, keyType]),
    [
      ['authority', 'bronze', 'p-256'],
      ['authority', 'silver', 'p-256'],
      ['ocsp-responder', 'bronze', 'p-256'],
      ['ocsp-responder', 'silver', 'p-256'],
    ],
  );
  for (const { reference } of keys) t.match(reference, /^pkcs11:token=Health%20CA;object=[a-z0-9-]+\?/);
  t.strictSame(readdirSync(join(dataDirectory, 'keys')), [], 'neither key files nor a passphrase');

  const pin = ['--login', '--pin', '567890'];
  const shown = execFileSync(
    'pkcs11-tool',
    ['--module', SOFTHSM_MODULE, ...pin, '--list-objects', '--type', 'privkey'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const access = shown.match(/Access:.*/g) ?? [];
  t.equal(access.length, 4);
  for (const line of access) t.match(line, /sensitive, always sensitive, never extract/);
  const usages = shown.match(/Usage:.*/g) ?? [];
  t.strictSame([...new Set(usages.map((line) => line.trim()))], ['Usage:      sign']);
});

t.test('openssl verifies certificate, CRL and OCSP answer that the token signed', async (t) => {
  const doctor = await issue('doctor');
  const chain = ['-CAfile', 'root.pem', '-untrusted', 'bronze.pem'];
  const verified = runOpenssl(['verify', '-x509_strict', ...chain, 'doctor.pem'], { cwd: folder });
  t.match(String(verified), /doctor\.pem: OK/);

  const { rawPayload: crl } = await service.app.inject('/crl/bronze.crl');
  const asPem = runOpenssl(['crl', '-inform', 'DER'], { cwd: folder, input: crl });
  writeFileSync(join(folder, 'crl.pem'), asPem);
  const withCrl = ['verify', '-crl_check', '-CRLfile', 'crl.pem', ...chain, 'doctor.pem'];
  t.match(String(runOpenssl(withCrl, { cwd: folder })), /OK/);

  t.match(await ocspStatus('doctor'), /doctor\.pem: good/);
  t.match(await ocspStatus('doctor', '-nonce'), /doctor\.pem: good/, 'a signature for this answer alone');
  t.equal(doctor.state, 'issued');
});

t.test('a token that was pulled out', async (t) => {
  const filed = await file();
  const before = await written();
  token.remove();
  // Each of the keys finds out by itself; the one of a responder that is asked nothing does not.
  t.match(await ocspStatus('doctor'), /doctor\.pem: good/, 'prepared answers go on');
  t.match(await ocspStatus('doctor', '-nonce'), /trylater/, 'a fresh answer has to wait');

  const refused = await post(approver, `/applications/${filed.id}/approve`, { version: 1 });
  t.match(refused, { status: 503, body: { code: 'key-unavailable' } });
  t.strictSame(await written(), before, 'nothing was written');
  const read = await service.app.inject({
    url: `/api/v1/applications/${filed.id}`,
    headers: { cookie: approver },
  });
  t.match(read.json(), { state: 'submitted', version: 1 });

  const filedMeanwhile = await file();
  t.equal(filedMeanwhile.state, 'submitted', 'filing needs no key of the CA');

  token.putBack();
  const approved = await approve(service.app, approver, filed.id);
  t.match(approved, { status: 200, body: { state: 'issued' } }, 'issues again, without a restart');
  t.match(await ocspStatus('doctor', '-nonce'), /doctor\.pem: good/, 'and answers');
});

t.test('a status that changes while the token is away', async (t) => {
  const serial = String(
    runOpenssl(['x509', '-in', 'doctor.pem', '-noout', '-serial'], { cwd: folder }),
  ).replace(/serial=|\n/g, '');
  const crlNumberBefore = await crlNumber();
  token.remove();
  const path = `/certificates/bronze/${serial.toLowerCase()}/revoke`;
  t.match(await post(operator, path, { reason: 'keyCompromise' }), { status: 200 }, 'is accepted');
  t.match(await ocspStatus('doctor'), /trylater/, 'and the prepared answer, good, is gone');
  t.equal(await crlNumber(), crlNumberBefore, 'the CRL in force stays');

  token.putBack();
  t.match(await ocspStatus('doctor'), /doctor\.pem: revoked/);
  // Beyond the pause after a CRL that failed.
  service.clock.advanceSeconds(60);
  await until(async () => (await crlNumber()) > crlNumberBefore);
  const { rawPayload } = await service.app.inject('/crl/bronze.crl');
  const listed = runOpenssl(['crl', '-inform', 'DER', '-noout', '-text'], { cwd: folder, input: rawPayload });
  t.match(String(listed).toUpperCase(), new RegExp(`SERIAL NUMBER: ${serial}`, 'i'));
});

t.test('a key that goes away after the approval is durable', async (t) => {
  const authorities = service.house.hierarchy.issuing as Map<string, Authority>;
  const bronze = authorities.get('bronze')!;
  const { signer } = bronze;
  let signatures = 0;
  const away = new KeyError('key-unavailable', 'pulled out');
  const sign = (message: Uint8Array) => {
    signatures += 1;
    // The key is tried when the approval is read, when it comes back, and then it is needed.
    return signatures === 3 ? Promise.reject(away) : signer.sign(message);
  };
  const { label, algorithm, subjectPublicKeyInfo } = signer;
  authorities.set('bronze', { ...bronze, signer: { label, algorithm, subjectPublicKeyInfo, sign } });
  t.teardown(() => authorities.set('bronze', bronze));

  const { id } = await file();
  const refused = await approve(service.app, approver, id);
  t.match(refused, { status: 503, body: { code: 'key-unavailable' } });
  await until(async () => (await stateOf(id)) === 'issued');
  const certificates = await written();
  t.equal(certificates.intent, certificates.certificate, 'the intent has become its certificate');
});

t.test('the keys are found again after a restart, also when new ones are made in files', async (t) => {
  await service.close();
  service = await openTestService({ opened, dataDirectory });
  const { id } = await file();
  t.match(await approve(service.app, approver, id), { body: { state: 'issued' } });
  t.match(await ocspStatus('doctor', '-nonce'), /revoked/);
});

async function post(cookie: string, path: string, payload: object) {
  const url = `/api/v1${path}`;
  const response = await service.app.inject({ method: 'POST', url, headers: { cookie }, payload });
  return { status: response.statusCode, body: response.json<Record<string, string>>() };
}

async function file() {
  return (await post(clerk, '/applications', await applicationBody())).body;
}

async function issue(name: string) {
  const { id } = await file();
  const { body } = await approve(service.app, approver, id);
  const found = await service.app.inject({
    url: `/api/v1/certificates?applicationId=${id}`,
    headers: { cookie: operator },
  });
  const { items } = found.json<{ items: { certificate: string }[] }>();
  writeFileSync(join(folder, `${name}.pem`), items[0].certificate);
  return body;
}

async function stateOf(id: string): Promise<string> {
  const read = await service.app.inject({ url: `/api/v1/applications/${id}`, headers: { cookie: approver } });
  return read.json<{ state: string }>().state;
}

/** What `openssl ocsp` says of the answer; it requires that the answer verifies. */
async function ocspStatus(name: string, nonce = '-no_nonce'): Promise<string> {
  const asked = ['ocsp', '-issuer', 'bronze.pem', '-cert', `${name}.pem`, nonce];
  runOpenssl([...asked, '-reqout', 'request.der'], { cwd: folder });
  const response = await service.app.inject({
    method: 'POST',
    url: '/ocsp/bronze',
    headers: { 'content-type': 'application/ocsp-request' },
    payload: readFileSync(join(folder, 'request.der')),
  });
  writeFileSync(join(folder, 'response.der'), response.rawPayload);
  const [, issuer, issuerFile, cert, certFile] = asked;
  const read = [
    issuer,
    issuerFile,
    cert,
    certFile,
    '-no_nonce',
    '-respin',
    'response.der',
    '-CAfile',
    'root.pem',
  ];
  const { status, stdout, stderr } = spawnSync('openssl', ['ocsp', ...read], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status === 0 && !stderr.includes('Response verify OK')) throw new Error(`not verified: ${stderr}`);
  return stdout + stderr;
}

async function crlNumber(): Promise<number> {
  const { rawPayload } = await service.app.inject('/crl/bronze.crl');
  const text = runOpenssl(['crl', '-inform', 'DER', '-noout', '-crlnumber'], {
    cwd: folder,
    input: rawPayload,
  });
  return Number(String(text).replace(/crlNumber=/, ''));
}

/** How many rows the tables of issuance have. */
async function written(): Promise<Record<string, number>> {
  const [row] = await service.house.stores.database.query<Record<string, number>>({
    text: `select (select count(*)::int from issuance_intent) as intent, (select count(*)::int from certificate) as certificate,
      (select count(*)::int from status_change) as status_change, (select count(*)::int from audit_event) as audit_event`,
  });
  return row;
}

/** The service works on by itself; it is asked until it has done it, or this file has taken too long. */
async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await setTimeout(50);
}
