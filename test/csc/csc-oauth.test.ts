import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import * as oauth from 'openid-client';
import { pino } from 'pino';
import t from 'tap';
import type { Test } from 'tap';

import { buildApp } from '../../api/app.ts';
import { readTls } from '../../cli/read-tls.ts';
import { encodePem } from '../../pki/pem.ts';
import { CscClient, HolderBrowser, codeOn } from '../support/csc-client.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { SoftwarePhone, hash } from '../support/software-phone.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onBothServices, onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '2'];
const SHA_256 = '2.16.840.1.101.3.4.2.1';
const ECDSA_SHA_256 = '1.2.840.10045.4.3.2';

t.test('the CSC API with OAuth', async (t) => {
  await onBothServices(t, async (t, service) => {
    const client = await CscClient.register(service, { id: 'his-oauth' });
    const doctor = await issueDoctor(service);
    const phone = new SoftwarePhone(service.app, doctor);
    await phone.signIn();
    const clinic = { service, client, doctor, phone };
    await t.test('code with PKCE, list, info, confirmed hashes, signDoc, polling', (t) => whole(t, clinic));
    await t.test('details name documents, which the phone shows whole', (t) => details(t, clinic));
    await t.test('a refusal on the phone is one at the client', (t) => refusal(t, clinic));
    await t.test('a code and a token count once, and lie nowhere as they are', (t) => once(t, clinic));
  });
  await onOneService(t, async (t, service) => {
    const client = await CscClient.register(service, { id: 'his-refused' });
    await t.test('requests that are not pushed, not bound to a key, or not of the CSC API', (t) =>
      requestRefusals(t, client),
    );
    await t.test('clients authenticate, once with each assertion, and get no holder’s token', (t) =>
      clientRefusals(t, client),
    );
    await t.test('a page belongs to one browser, and asks again for a name that nobody has', (t) =>
      pages(t, client),
    );
    await t.test('a registered TLS certificate is as good as a key', (t) => mutualTls(t, service));
  });
});

interface Clinic {
  service: TestService;
  client: CscClient;
  doctor: Awaited<ReturnType<typeof issueDoctor>>;
  phone: SoftwarePhone;
}

async function whole(t: Test, clinic: Clinic): Promise<void> {
  const { service, client, doctor, phone } = clinic;
  const { group, digits } = doctor.body.applicant.councilNumber;

  const serviceFlow = await client.begin({ scope: 'service', lang: 'en-US' });
  const browser = new HolderBrowser(service);
  const asked = await browser.open(serviceFlow.url);
  t.match(asked, { status: 200, html: /Council number or national ID/ });
  const shown = await browser.send({ userID: `${group}-${digits}` });
  const request = (await phone.fetch())!;
  const screen = phone.read(request);
  t.equal(codeOn(shown), screen.verificationCode);
  t.match(screen.documents[0].lines[0].text, /I let .* see my signature certificates/);
  t.equal(codeOn(await browser.reload()), screen.verificationCode, 'nothing happens until the phone answers');
  t.match(await phone.approve(request), { status: 200, body: { state: 'SIGNED' } });
  const { leftFor } = await browser.reload();
  const serviceToken = await client.complete(serviceFlow, leftFor!);
  t.match(serviceToken, { token_type: 'bearer', scope: 'service', expires_in: 600 });
  client.token = serviceToken.access_token;

  const fingerprint = hash(doctor.certificate.bytes).toString('hex');
  const list = await client.call('credentials/list', {
    credentialInfo: true,
    certInfo: true,
    authInfo: true,
  });
  t.match(list, {
    status: 200,
    body: { credentialIDs: [fingerprint], credentialInfos: [{ auth: { mode: 'oauth2code' } }] },
  });
  const info = await client.call('credentials/info', { credentialID: fingerprint, certificates: 'chain' });
  t.match(info, { status: 200, body: { key: { status: 'enabled', algo: [ECDSA_SHA_256] }, SCAL: '2' } });

  const document = Buffer.from('%PDF-1.7 of a discharge letter');
  const flow = await client.begin({
    scope: 'credential',
    lang: 'en-US',
    credentialID: fingerprint,
    numSignatures: '1',
    hashes: hash(document).toString('base64url'),
    hashAlgorithmOID: SHA_256,
    description: 'Discharge letter of bed 12',
  });
  const page = await browser.open(flow.url);
  const second = (await phone.fetch())!;
  const onPhone = phone.read(second);
  t.equal(codeOn(page), onPhone.verificationCode);
  t.strictSame(
    onPhone.documents[0].lines.map(({ text }) => text),
    [
      'Discharge letter of bed 12',
      'The document stays with whoever asks; its fingerprint alone is signed:',
      hash(document).toString('hex'),
    ],
  );
  await phone.approve(second);
  const back = await browser.reload();
  const credential = await client.complete(flow, back.leftFor!);
  t.match(credential, { scope: 'credential', expires_in: 300 });

  const signed = await client.call('signatures/signDoc', {
    credentialID: fingerprint,
    SAD: credential.access_token,
    operationMode: 'A',
    documents: [
      {
        document: document.toString('base64'),
        signature_format: 'C',
        conformance_level: 'AdES-B-B',
        signAlgo: ECDSA_SHA_256,
      },
    ],
  });
  t.match(signed, { status: 200, body: { responseID: String } });
  const polled = await client.call('signatures/signPolling', { requestID: signed.body['responseID'] });
  t.equal(polled.status, 200, JSON.stringify(polled.body));
  const [signature] = polled.body['DocumentWithSignature'] as string[];
  t.equal(opensslVerify(t, clinic, Buffer.from(signature, 'base64')).compare(document), 0);
  const validated = await service.app.inject({
    method: 'POST',
    url: '/api/v1/validations',
    payload: { signature, receivedAt: service.clock.now().toISOString() },
  });
  t.match(validated.json(), { indication: 'TOTAL-PASSED' });
}

/** A token of scope credential for what these parameters say, confirmed by the phone. */
async function confirmed({ service, client, phone }: Clinic, parameters: Record<string, string>) {
  const flow = await client.begin(parameters);
  const browser = new HolderBrowser(service);
  await browser.open(flow.url);
  const request = (await phone.fetch())!;
  await phone.approve(request);
  const { leftFor } = await browser.reload();
  return { flow, request, leftFor: leftFor!, token: await client.complete(flow, leftFor!) };
}

function credentialParameters({ doctor }: Clinic, document: Buffer): Record<string, string> {
  return {
    scope: 'credential',
    credentialID: hash(doctor.certificate.bytes).toString('hex'),
    numSignatures: '1',
    hashes: hash(document).toString('base64url'),
    hashAlgorithmOID: SHA_256,
  };
}

async function details(t: Test, clinic: Clinic): Promise<void> {
  const { client, doctor } = clinic;
  const { title, content, mediaType } = fhirDocument();
  const credentialID = hash(doctor.certificate.bytes).toString('hex');
  const digest = { hash: hash(Buffer.from(content, 'base64')).toString('base64'), label: title };
  const detail = {
    type: 'credential',
    credentialID,
    documentDigests: [{ ...digest, document: content, mediaType }],
    hashAlgorithmOID: SHA_256,
  };
  const { request, token } = await confirmed(clinic, { authorization_details: JSON.stringify([detail]) });
  t.match(request.documents, [{ title, mediaType, content }], 'the phone has the prescription itself');
  t.strictSame(
    token.authorization_details,
    [{ ...detail, documentDigests: [digest] }],
    'the token says the hashes, not the prescription',
  );
  const signed = await client.call(
    'signatures/signDoc',
    {
      credentialID,
      documents: [
        {
          document: content,
          signature_format: 'C',
          conformance_level: 'Ades-B-LT',
          signAlgo: ECDSA_SHA_256,
        },
      ],
    },
    token.access_token,
  );
  const [signature] = signed.body['DocumentWithSignature'] as string[];
  const found = opensslVerify(t, clinic, Buffer.from(signature, 'base64'));
  t.equal(found.compare(Buffer.from(content, 'base64')), 0);
  const validated = await clinic.service.app.inject({
    method: 'POST',
    url: '/api/v1/validations',
    payload: { signature },
  });
  t.match(validated.json(), { signatures: [{ cryptographic: 'PASSED', level: { reached: 'B-LT' } }] });
}

async function refusal(t: Test, clinic: Clinic): Promise<void> {
  const { service, client, phone } = clinic;
  const flow = await client.begin(credentialParameters(clinic, Buffer.from('refused')));
  const browser = new HolderBrowser(service);
  await browser.open(flow.url);
  await phone.refuse((await phone.fetch())!);
  const { leftFor } = await browser.reload();
  t.match(Object.fromEntries(leftFor!.searchParams), {
    error: 'access_denied',
    error_description: 'The holder has refused on the phone',
    state: flow.state,
    iss: 'http://mohr.test/csc',
  });
  t.equal(await errorOf(client.complete(flow, leftFor!)), 'access_denied');
}

async function once(t: Test, clinic: Clinic): Promise<void> {
  const { service, client } = clinic;
  const document = Buffer.from('once');
  const { flow, leftFor, token } = await confirmed(clinic, credentialParameters(clinic, document));
  const { credentialID } = credentialParameters(clinic, document);
  const request = {
    credentialID,
    documents: [{ document: document.toString('base64'), signature_format: 'C', signAlgo: ECDSA_SHA_256 }],
  };
  const sign = (override: object = {}) =>
    client.call('signatures/signDoc', { ...request, ...override }, token.access_token);
  t.match(await client.call('credentials/list', { userID: 'physician-1' }, token.access_token), {
    body: { error_description: 'userID parameter MUST be null' },
  });
  t.strictSame((await client.call('credentials/list', {}, token.access_token)).body, {
    credentialIDs: [credentialID],
  });
  t.match(await client.call('credentials/authorize', AUTHORIZE, token.access_token), {
    status: 400,
    body: { error: 'unauthorized_client' },
  });
  const foreign = [{ ...request.documents[0], document: 'AAAA' }];
  t.match(await sign({ documents: foreign }), {
    body: { error_description: 'documentDigests or documents are not authorized by the SAD' },
  });
  t.match(await sign(), { status: 200, body: { DocumentWithSignature: [String] } });
  t.match(await sign(), { status: 400, body: { error_description: 'Invalid parameter SAD' } });
  const { database } = service.house.stores;
  const clear = await database.query<{ kind: string }>({
    text: `select kind from oauth_record where sealed like '%his-oauth%'::bytea or sealed like $1`,
    values: [Buffer.from(`%${token.access_token}%`)],
  });
  t.strictSame(clear, [], 'tokens and requests lie sealed');
  t.equal(await errorOf(client.complete(flow, leftFor)), 'invalid_grant', 'a code comes twice');
  t.equal((await sign()).status, 401, 'which ends the token that was given for it');
  const { token: second } = await confirmed(clinic, credentialParameters(clinic, Buffer.from('revoked')));
  await oauth.tokenRevocation(client.config, second.access_token);
  t.equal((await client.call('credentials/list', {}, second.access_token)).status, 401);
  const late = await confirmed(clinic, credentialParameters(clinic, Buffer.from('late')));
  service.clock.advanceSeconds(301);
  t.equal(
    (await client.call('credentials/list', {}, late.token.access_token)).status,
    401,
    'it ends by itself',
  );
  service.clock.advanceSeconds(600);
  await service.house.stores.oauthRecords.prune(service.clock.now());
  const [{ left }] = await database.query<{ left: number }>({
    text: `select count(*)::int as left from oauth_record where kind = 'AccessToken'`,
  });
  t.equal(left, 0, 'and is forgotten');
}

const AUTHORIZE = {
  credentialID: '00'.repeat(32),
  numSignatures: 1,
  hashes: ['AAAA'],
  hashAlgorithmOID: SHA_256,
  authData: [{ id: 'phone' }],
};

async function requestRefusals(t: Test, client: CscClient): Promise<void> {
  const { app } = client.service;
  const direct = await app.inject({
    url: `/csc/oauth2/authorize?${new URLSearchParams({
      client_id: 'his-refused',
      response_type: 'code',
      redirect_uri: 'https://his.example/signed',
      scope: 'service',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }).toString()}`,
  });
  t.match(direct.headers['location'] ?? direct.body, /invalid_request/, 'only pushed requests are taken');
  const wish = { scope: 'credential', hashAlgorithmOID: SHA_256, numSignatures: '1' };
  const hashes = hash(Buffer.from('x')).toString('base64url');
  const credentialID = '00'.repeat(32);
  const cases: readonly [Record<string, string>, string][] = [
    [{ scope: 'service', redirect_uri: 'https://thief.example/' }, 'invalid_request'],
    [{ scope: 'service', code_challenge_method: 'plain' }, 'invalid_request'],
    [{ scope: 'service credential' }, 'Invalid parameter scope'],
    [{ ...wish, credentialID }, 'Missing (or invalid type) string parameter hashes'],
    [{ ...wish, hashes }, 'Invalid parameter credentialID'],
    [{ ...wish, credentialID, hashes, numSignatures: '2' }, 'Invalid parameter numSignatures'],
    [{ ...wish, credentialID, hashes: 'AAAA' }, 'Invalid digest value length'],
    [{ ...wish, credentialID, hashes, hashAlgorithmOID: '1.2.3' }, 'Invalid parameter hashAlgorithmOID'],
    [{ ...wish, signatureQualifier: 'eu_eidas_qes', hashes }, 'Invalid parameter signatureQualifier'],
    [{ ...wish, credentialID, hashes, account_token: 'x' }, 'Invalid parameter account_token'],
    [{ authorization_details: '[{"type":"credential"}]' }, 'Invalid parameter documentDigests'],
    [{ authorization_details: '[{"type":"other"}]' }, 'unsupported authorization details type'],
  ];
  for (const [parameters, expected] of cases) {
    const error = await client.begin(parameters).then(
      () => undefined,
      (thrown: { error?: string; error_description?: string }) => thrown,
    );
    t.ok(
      error?.error === expected || error?.error_description?.startsWith(expected),
      `${JSON.stringify(parameters)}: ${error?.error} ${error?.error_description}`,
    );
  }
}

async function clientRefusals(t: Test, client: CscClient): Promise<void> {
  const { app } = client.service;
  const send = async (body: Record<string, string>) => {
    const response = await app.inject({
      method: 'POST',
      url: '/csc/oauth2/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(body).toString(),
    });
    return { status: response.statusCode, body: response.json<object>() };
  };
  const assertion = await client.system.assertion({ aud: 'http://mohr.test/csc/oauth2/token' });
  const form = {
    grant_type: 'client_credentials',
    scope: 'service',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
  t.match(await send(form), {
    status: 200,
    body: { token_type: 'Bearer', expires_in: 600, scope: 'service' },
  });
  t.match(await send(form), { status: 401, body: { error: 'invalid_client' } }, 'used before');
  const invalid = { status: 401, body: { error: 'invalid_client' } };
  const now = Math.floor(client.service.clock.now().getTime() / 1000);
  for (const [what, override] of Object.entries({
    'for another address': { aud: 'http://mohr.test/api/v1/oauth/token' },
    'of nobody': { iss: 'nobody', sub: 'nobody', aud: 'http://mohr.test/csc' },
    'for more than a minute': { aud: 'http://mohr.test/csc', exp: now + 600 },
  }))
    t.match(
      await send({ ...form, client_assertion: await client.system.assertion(override) }),
      invalid,
      what,
    );
  t.match(
    await send({ grant_type: 'client_credentials', client_id: 'his-refused' }),
    invalid,
    'without proof',
  );
  const wish = oauth.clientCredentialsGrant(client.config, { scope: 'credential' });
  t.equal(await errorOf(wish), 'invalid_scope');
}

async function pages(t: Test, client: CscClient): Promise<void> {
  const flow = await client.begin({ scope: 'service' });
  const browser = new HolderBrowser(client.service);
  const page = await browser.open(flow.url);
  t.match(page, {
    status: 200,
    html: /dir="rtl".*«بیمارستان نمونه»/s,
    headers: { 'cache-control': 'no-store', 'content-security-policy': /frame-ancestors 'none'/ },
  });
  t.match(await browser.send({ userID: 'physician-99999' }), { html: /role="alert"/ });
  t.match(await browser.send({ userID: '<script>' }), { html: /role="alert"/ });
  t.notMatch((await browser.reload()).html, /script/);
  const other = new HolderBrowser(client.service);
  t.match(await other.visit(browser.address), { status: 400 }, 'another browser sees nothing of it');
}

async function mutualTls(t: Test, service: TestService): Promise<void> {
  const cwd = temporaryFolder(t);
  for (const [name, ...more] of [
    ['localhost', '-addext', 'subjectAltName=DNS:localhost'],
    ['his'],
    ['stranger'],
  ])
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
      { cwd },
    );
  const terms = { displayedName: 'TLS', patientView: 'masked', callbackUrls: [] };
  const system = await PrescriptionSystem.register(service, { id: 'his-operator' });
  await system.asOperator('POST', '/relying-parties', { id: 'his-tls', ...terms });
  const certificate = readFileSync(join(cwd, 'his.pem'), 'utf8');
  await system.asOperator('POST', '/relying-parties/his-tls/credentials', { certificate });
  const files = { certificateFile: join(cwd, 'localhost.pem'), keyFile: join(cwd, 'localhost.key'), port: 1 };
  const tls = await readTls(files, service.house.hierarchy);
  const logger = pino({ level: 'silent' });
  const app = await buildApp(service.house.services, { logger, version: '0', tls });
  try {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const ask = async (shown?: string) => {
      const identity = shown ? ['--cert', `${shown}.pem`, '--key', `${shown}.key`] : [];
      const form = ['-d', 'grant_type=client_credentials&scope=service&client_id=his-tls'];
      const url = `https://localhost:${port}/csc/oauth2/token`;
      const args = ['-sS', '--cacert', 'localhost.pem', ...identity, ...form, url];
      const { stdout } = await promisify(execFile)('curl', args, { cwd });
      return JSON.parse(stdout) as object;
    };
    t.match(await ask('his'), { access_token: String, scope: 'service' });
    t.match(await ask('stranger'), { error: 'invalid_client' });
    t.match(await ask(), { error: 'invalid_client' });
  } finally {
    await app.close();
  }
}

/** Error code with which a library rejects. */
function errorOf(working: Promise<unknown>): Promise<string | undefined> {
  return working.then(
    () => undefined,
    (thrown: { error?: string }) => thrown.error,
  );
}

/** The content, as `openssl cms -verify` finds it. */
function opensslVerify(t: Test, { service }: Clinic, signature: Buffer): Buffer {
  const folder = temporaryFolder(t);
  const root = service.house.services.authorities.find(({ issuerId }) => issuerId === undefined)!;
  writeFileSync(join(folder, 'signature.p7m'), signature);
  writeFileSync(join(folder, 'root.pem'), encodePem('CERTIFICATE', root.certificate));
  const files = ['-in', 'signature.p7m', '-inform', 'DER', '-CAfile', 'root.pem', '-purpose', 'any'];
  return runOpenssl(['cms', '-verify', ...files, '-cades', '-binary'], { cwd: folder });
}
