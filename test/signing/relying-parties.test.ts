import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { pino } from 'pino';
import t from 'tap';
import type { Test } from 'tap';

import { buildApp } from '../../api/app.ts';
import { syntheticNationalId } from '../../core/national-id.ts';
import { readTls } from '../../cli/read-tls.ts';
import { sendCallbacks } from '../../signing/callbacks/send-callbacks.ts';
import type { CallbackHouse } from '../../signing/callbacks/callback.ts';
import { openHttpCallbackSender } from '../../messages/http-callback.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onBothServices, onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

t.test('relying parties', async (t) => {
  await onBothServices(t, async (t, service) => {
    await t.test('an assertion counts once, for this address, for a minute', (t) => assertions(t, service));
    await t.test('keys are changed without a gap, and a party is disabled at once', (t) =>
      rotation(t, service),
    );
    await t.test('what is registered is checked and recorded', (t) => registration(t, service));
    await t.test('an end is told by a signed callback, once', (t) => callbacks(t, service));
  });
  await onOneService(t, async (t, service) => {
    await t.test('a registered TLS certificate is as good as a token', (t) => mutualTls(t, service));
  });
});

async function assertions(t: Test, service: TestService): Promise<void> {
  const system = await PrescriptionSystem.register(service, { id: 'his-assertions' });
  const now = Math.floor(service.clock.now().getTime() / 1000);
  const good = await system.assertion();
  t.match(await system.exchange(good), { status: 200, body: { token_type: 'Bearer', expires_in: 600 } });
  const invalid = { status: 401, body: { error: 'invalid_client' } };
  t.match(await system.exchange(good), invalid, 'used before');
  const wrong: Record<string, Parameters<PrescriptionSystem['assertion']>[0]> = {
    'for another address': { aud: 'http://mohr.test/api/v1' },
    'of another issuer': { iss: 'his-other' },
    'about another party': { sub: 'his-other' },
    'longer than a minute': { exp: now + 61 },
    over: { iat: now - 90, exp: now - 30 },
    'of the future': { iat: now + 30, exp: now + 60 },
    'without a jti': { jti: '' },
  };
  for (const [what, claims] of Object.entries(wrong))
    t.match(await system.exchange(await system.assertion(claims)), invalid, what);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const claims = { iss: system.id, sub: system.id, aud: 'http://mohr.test/api/v1/oauth/token' };
  const foreign = new SignJWT({ ...claims, iat: now, exp: now + 60, jti: randomUUID() });
  t.match(
    await system.exchange(await foreign.setProtectedHeader({ alg: 'ES256' }).sign(privateKey)),
    invalid,
  );
  t.match(await system.exchange('no JWT'), invalid);
  const form = { grant_type: 'password', client_assertion_type: 'x', client_assertion: 'x' };
  const answer = await service.app.inject({
    method: 'POST',
    url: '/api/v1/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(form).toString(),
  });
  t.match(answer.json(), { error: 'unsupported_grant_type' });
  t.match(await system.read(randomUUID()), { status: 404 }, 'the token lets in');
  service.clock.advanceSeconds(600);
  t.match(
    await system.read(randomUUID()),
    { status: 401, body: { code: 'client-token-invalid' } },
    'for ten minutes',
  );
}

async function rotation(t: Test, service: TestService): Promise<void> {
  const system = await PrescriptionSystem.register(service, { id: 'his-rotation' });
  const [first] = (await listed(system)).credentials;
  const next = generateKeyPairSync('rsa', { modulusLength: 2048 });
  t.equal((await system.addKey(next.publicKey)).status, 201);
  const third = generateKeyPairSync('ed25519').publicKey;
  t.match(
    await system.addKey(third),
    { status: 409, body: { code: 'relying-party-credentials' } },
    'two at a time',
  );
  t.equal(await system.authenticate(), 200, 'the old one still');
  const path = `/relying-parties/${system.id}`;
  t.equal((await system.asOperator('DELETE', `${path}/credentials/jwk/${first.keyId}`)).status, 204);
  t.match(await system.read(randomUUID()), { status: 401 }, 'tokens end with the key');
  t.equal(await system.authenticate(), 401);
  system.use(next.privateKey);
  t.equal(await system.authenticate(), 200, 'the new one');
  t.match(await system.asOperator('DELETE', `${path}/credentials/jwk/${first.keyId}`), { status: 404 });
  t.equal((await system.addKey(third)).status, 201);

  const other = await PrescriptionSystem.register(service, { id: 'his-disabled' });
  const { version } = await listed(other);
  const change = { version, isDisabled: true };
  t.match(await other.asOperator('PATCH', '/relying-parties/his-disabled', change), {
    status: 200,
    body: { disabledAt: String, version: 2 },
  });
  t.match(await other.asOperator('PATCH', '/relying-parties/his-disabled', change), {
    status: 409,
    body: { code: 'relying-party-changed' },
  });
  t.match(await other.read(randomUUID()), { status: 401 });
  t.equal(await other.authenticate(), 401);
  await other.asOperator('PATCH', '/relying-parties/his-disabled', { version: 2, isDisabled: false });
  t.equal(await other.authenticate(), 200);
}

interface ListedParty {
  id: string;
  version: number;
  displayedName: string;
  credentials: { keyId: string }[];
}

async function listed(system: PrescriptionSystem): Promise<ListedParty> {
  const { body } = await system.asOperator<{ items: ListedParty[] }>('GET', '/relying-parties');
  return body.items.find(({ id }) => id === system.id)!;
}

async function registration(t: Test, service: TestService): Promise<void> {
  const system = await PrescriptionSystem.register(service, { id: 'his-terms' });
  const terms = { id: 'his-x', displayedName: 'x', patientView: 'masked', callbackUrls: [] as string[] };
  const register = (override: object) =>
    system.asOperator('POST', '/relying-parties', { ...terms, ...override });
  t.match(await register({ id: 'his-terms' }), { status: 409, body: { code: 'relying-party-exists' } });
  const addresses = [
    'http://his.example/done',
    'https://user:secret@his.example/done',
    'https://his.example/done#part',
    'https://HIS.example/done',
    'file:///etc/passwd',
    'done',
  ];
  for (const url of addresses)
    t.match(
      await register({ callbackUrls: [url] }),
      { status: 422, body: { code: 'callback-url-malformed' } },
      url,
    );
  const add = (payload: object) =>
    system.asOperator('POST', '/relying-parties/his-terms/credentials', payload);
  const malformed = { status: 422, body: { code: 'client-credential-malformed' } };
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  t.match(await add({ jwk: privateKey.export({ format: 'jwk' }) }), malformed, 'a private key');
  t.match(await add({ jwk: { kty: 'oct', k: 'c2VjcmV0' } }), malformed, 'a shared secret');
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
  t.match(await add({ jwk: weak.export({ format: 'jwk' }) }), malformed, 'a short key');
  t.match(await add({ certificate: 'none' }), malformed);
  t.match(await system.asOperator('PATCH', '/relying-parties/nobody', { version: 1, displayedName: 'x' }), {
    status: 404,
    body: { code: 'relying-party-unknown' },
  });
  const events = await service.house.stores.database.query<{ action: string; outcome: string }>({
    text: `select action, outcome from audit_event where subject = 'relying-party:his-terms' and outcome = 'accepted'
      order by id`,
  });
  t.strictSame(
    events.map(({ action }) => action),
    ['register-relying-party', 'add-relying-party-credential'],
  );
  const holder = { nationalId: syntheticNationalId(77) };
  const callbackUrl = 'https://elsewhere.example/';
  t.match(await system.ask({ holder, callbackUrl, documents: [fhirDocument()] }), {
    status: 403,
    body: { code: 'callback-not-allowed' },
  });
}

/** Receives callbacks, and answers as it is told. */
class Receiver {
  readonly server: Server;
  readonly tokens: string[] = [];
  answers: number[] = [];

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.tokens.push(Buffer.concat(chunks).toString());
        this.server.emit('told');
        const status = this.answers.shift() ?? 204;
        response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end();
      });
    });
  }
}

async function callbacks(t: Test, service: TestService): Promise<void> {
  const receiver = new Receiver();
  await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => receiver.server.close());
  const url = `http://127.0.0.1:${(receiver.server.address() as AddressInfo).port}/done`;
  const system = await PrescriptionSystem.register(service, { id: 'his-callback', callbackUrls: [url] });
  const doctor = await issueDoctor(service);
  const phone = new SoftwarePhone(service.app, doctor);
  await phone.signIn();
  const { clock, stores } = { clock: service.clock, stores: service.house.stores };
  const settled = async (id: string) => {
    const [row] = await stores.database.query<{ state: string; attempts: number; failure: string | null }>({
      text: 'select state, attempts, failure from signature_callback where session_id = $1',
      values: [id],
    });
    return row;
  };
  // The service itself sends too: whoever comes first claims it.
  const house: CallbackHouse = {
    callbacks: stores.callbacks,
    sender: openHttpCallbackSender(),
    signToken: async () => 'of another node',
    clock,
    onCallbackFailure: () => undefined,
  };
  const finished = async () => {
    const { councilNumber } = doctor.body.applicant;
    const asked = await system.ask({
      holder: { councilNumber },
      callbackUrl: url,
      documents: [fhirDocument()],
    });
    await phone.refuse((await phone.fetch())!);
    return asked.body.id;
  };
  const told = async (count: number) => {
    while (receiver.tokens.length < count)
      await new Promise((resolve) => receiver.server.once('told', resolve));
  };
  const id = await finished();
  await told(1);
  const keys = (await service.app.inject('/api/v1/service-keys')).json<JSONWebKeySet>();
  const { payload, protectedHeader } = await jwtVerify(receiver.tokens[0], createLocalJWKSet(keys), {
    issuer: 'http://mohr.test',
    audience: 'his-callback',
    currentDate: clock.now(),
  });
  t.match(protectedHeader, { alg: 'ES256', typ: 'signature-session+jwt' });
  t.match(payload, { jti: id, session: { id, state: 'USER_REFUSED' } });
  t.equal(
    (await Promise.all([1, 2, 3].map(() => sendCallbacks(house)))).reduce((a, b) => a + b),
    0,
  );
  t.equal(receiver.tokens.length, 1, 'once, however many look');

  receiver.answers = [503, 302];
  const second = await finished();
  await told(2);
  await until(async () => (await settled(second)).state === 'waiting');
  t.match(await settled(second), { attempts: 1 }, 'a receiver that is down is tried again');
  t.equal(await sendCallbacks(house), 0, 'not at once');
  clock.advanceSeconds(5);
  await sendCallbacks(house);
  await told(3);
  await until(async () => (await settled(second)).state === 'waiting');
  t.match(await settled(second), { attempts: 2 }, 'no redirect is followed');
  clock.advanceSeconds(10);
  await sendCallbacks(house);
  await told(4);
  await until(async () => (await settled(second)).state === 'sent');

  receiver.answers = [503];
  const third = await finished();
  await told(5);
  await until(async () => (await settled(third)).state === 'waiting');
  await system.asOperator('PATCH', '/relying-parties/his-callback', { version: 1, callbackUrls: [] });
  clock.advanceSeconds(60);
  await sendCallbacks(house);
  await until(async () => (await settled(third)).state === 'failed');
  t.match(
    await settled(third),
    { failure: 'not-allowed' },
    'an address that was taken away is called no more',
  );
  t.equal(receiver.tokens.length, 5);
}

/** What the service does by itself takes as long as it takes. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

async function mutualTls(t: Test, service: TestService): Promise<void> {
  const folder = temporaryFolder(t);
  const certificate = (name: string, ...more: string[]) =>
    runOpenssl(
      [
        'req',
        '-x509',
        ...EC,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.pem`,
        '-subj',
        `/CN=${name}`,
        ...more,
      ],
      {
        cwd: folder,
      },
    );
  certificate('localhost', '-addext', 'subjectAltName=DNS:localhost');
  certificate('his');
  certificate('stranger');
  const system = await PrescriptionSystem.register(service, { id: 'his-tls' });
  const pem = readFileSync(join(folder, 'his.pem'), 'utf8');
  const added = await system.asOperator('POST', '/relying-parties/his-tls/credentials', { certificate: pem });
  t.equal(added.status, 201);
  const files = {
    certificateFile: join(folder, 'localhost.pem'),
    keyFile: join(folder, 'localhost.key'),
    port: 1,
  };
  const tls = await readTls(files, service.house.hierarchy);
  const app = await buildApp(service.house.services, {
    logger: pino({ level: 'silent' }),
    version: '0',
    tls,
  });
  try {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const ask = async (shown?: string) => {
      const identity = shown ? ['--cert', `${shown}.pem`, '--key', `${shown}.key`] : [];
      const url = `https://localhost:${port}/api/v1/signature-sessions/${randomUUID()}`;
      const { stdout } = await promisify(execFile)(
        'curl',
        ['-sS', '--cacert', 'localhost.pem', ...identity, url],
        {
          cwd: folder,
        },
      );
      return (JSON.parse(stdout) as { code: string }).code;
    };
    t.equal(await ask('his'), 'session-unknown', 'let in');
    t.equal(await ask('stranger'), 'client-not-accepted');
    t.equal(await ask(), 'client-token-invalid');
    const keyId = certificateKeyId(added.body);
    await system.asOperator('DELETE', `/relying-parties/his-tls/credentials/certificate/${keyId}`);
    t.equal(await ask('his'), 'client-not-accepted', 'removed');
  } finally {
    await app.close();
  }
}

function certificateKeyId(body: Record<string, unknown>): string {
  const credentials = body['credentials'] as { kind: string; keyId: string }[];
  return credentials.find(({ kind }) => kind === 'certificate')!.keyId;
}
