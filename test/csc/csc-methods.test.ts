import t from 'tap';
import type { Test } from 'tap';

import { CscClient } from '../support/csc-client.ts';
import type { CscAnswer } from '../support/csc-client.ts';
import { faultsBySpecification } from '../support/csc-specification.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { fhirDocument, socialSecurityDocument, writtenBy } from '../support/prescriptions.ts';
import { pdfOf } from '../support/pdf-samples.ts';
import { SoftwarePhone, hash } from '../support/software-phone.ts';
import { onBothServices, onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';

const SHA_256 = '2.16.840.1.101.3.4.2.1';
const ECDSA_SHA_256 = '1.2.840.10045.4.3.2';
const LETTER = Buffer.from('a discharge letter');
const LETTER_HASH = hash(LETTER).toString('base64');

interface Clinic {
  service: TestService;
  client: CscClient;
  doctor: Awaited<ReturnType<typeof issueDoctor>>;
  phone: SoftwarePhone;
  credentialID: string;
}

t.test('the CSC API without pages', async (t) => {
  await onBothServices(t, async (t, service) => {
    const clinic = await open(service);
    await t.test('the phone confirms, and the activation data is used once', (t) => once(t, clinic));
    await t.test('a document that came along is shown whole, and signed as JAdES', (t) => whole(t, clinic));
    await t.test('a PDF is signed within itself', (t) => pdf(t, clinic));
    await t.test('JAdES and PAdES are lifted to the level that is asked for', (t) => levels(t, clinic));
    await t.test('a lost answer is given again, for the same request', (t) => lostAnswers(t, clinic));
    await t.test('what the phone does not confirm is not authorized', (t) => ends(t, clinic));
  });
});

t.test('refusals of the CSC API', async (t) => {
  await onOneService(t, async (t, service) => {
    const clinic = await open(service);
    await t.test('info says what there is, in both languages', (t) => info(t, clinic));
    await t.test('credentials are listed for whoever names a holder, and that is recorded', (t) =>
      credentials(t, clinic),
    );
    await t.test('who has no token, and what there is not', (t) => strangers(t, clinic));
    await t.test('credentials/authorize in the words of §11.6', (t) => authorizeRefusals(t, clinic));
    await t.test('signatures/signDoc in the words of §11.11', (t) => signDocRefusals(t, clinic));
    await t.test('activation data is for one client and some minutes', (t) => foreign(t, clinic));
    await t.test('a client that asks too often waits', (t) => tooOften(t, clinic));
  });
});

t.test('an answer that is not as the specification has it is found', (t) => {
  const info = {
    key: { status: 'enabled', algo: [ECDSA_SHA_256], len: 256, curve: '1.2.840.10045.3.1.7' },
    cert: { status: 'valid', certificates: ['AAAA'] },
    auth: { mode: 'explicit', objects: [{ type: 'ChallengeResponseOOB', id: 'phone' }] },
    SCAL: '2',
    multisign: 20,
  };
  const { key, cert, auth } = info;
  const faults = (body: object, request: object = {}, method = 'credentials/info', status = 200) =>
    faultsBySpecification({ method, request: { ...request }, status, body: { ...body } });
  t.strictSame(faults(info), []);
  t.strictSame(faults({ error: 'invalid_request' }, {}, 'credentials/info', 400), []);
  for (const [name, body, request] of [
    ['a member that is missing', { ...info, multisign: undefined }],
    ['a member of another type', { ...info, multisign: '20' }],
    ['a member that nobody knows', { ...info, credential: 'x' }],
    ['a word that is not in the table', { ...info, key: { ...key, status: 'on' } }],
    ['a curve of no EC key', { ...info, key: { ...key, algo: ['1.2.840.113549.1.1.11'] } }],
    ['names that were asked for', info, { certInfo: true }],
    ['names that were not', { ...info, cert: { ...cert, issuerDN: 'CN=x' } }],
    ['a certificate that was not wanted', info, { certificates: 'none' }],
    ['a chain of one', info, { certificates: 'chain' }],
    ['a time of another form', { ...info, cert: { ...cert, validFrom: '2027-01-01T00:00:00Z' } }],
    ['an expression without the mode', { ...info, auth: { mode: 'oauth2code', expression: 'phone' } }],
    ['a mode without its objects', { ...info, auth: { ...auth, objects: undefined } }],
  ] as const)
    t.not(faults(JSON.parse(JSON.stringify(body)) as object, request).length, 0, name);
  t.not(faults({ error: 'bad' }, {}, 'credentials/info', 400).length, 0, 'an error of another name');
  t.not(faults(info, {}, 'credentials/info', 201).length, 0, 'a status of another meaning');
  t.not(faults({ responseID: 'x' }, { hashes: ['AAAA'] }, 'signatures/signHash').length, 0);
  t.end();
});

async function open(service: TestService): Promise<Clinic> {
  const client = await CscClient.register(service, { id: 'his-polling', redirectUris: [] });
  await client.authenticate();
  const doctor = await issueDoctor(service);
  const phone = new SoftwarePhone(service.app, doctor);
  await phone.signIn();
  return { service, client, doctor, phone, credentialID: hash(doctor.certificate.bytes).toString('hex') };
}

function wish({ credentialID }: Clinic, override: object = {}) {
  return {
    credentialID,
    numSignatures: 1,
    hashes: [LETTER_HASH],
    hashAlgorithmOID: SHA_256,
    authData: [{ id: 'phone' }],
    description: 'Discharge letter',
    lang: 'en-US',
    ...override,
  };
}

function digests(override: object = {}, hashes: string[] = [LETTER_HASH]) {
  return [{ hashes, hashAlgorithmOID: SHA_256, signature_format: 'C', signAlgo: ECDSA_SHA_256, ...override }];
}

/** Activation data that the phone has confirmed. */
async function activated(clinic: Clinic, override: object = {}): Promise<string> {
  const { client, phone } = clinic;
  const { body } = await client.call('credentials/authorize', wish(clinic, override));
  await phone.approve((await phone.fetch())!);
  const checked = await client.call('credentials/authorizeCheck', { handle: body['handle'] });
  return checked.body['SAD'] as string;
}

async function once(t: Test, clinic: Clinic): Promise<void> {
  const { client, phone, credentialID, service } = clinic;
  const asked = await client.call('credentials/authorize', wish(clinic));
  t.equal(asked.status, 202, JSON.stringify(asked.body));
  const handle = asked.body['handle'] as string;
  t.strictSame(await statusAndBody(client, 'credentials/authorizeCheck', { handle }), [202, { handle }]);
  const request = (await phone.fetch())!;
  t.equal(phone.read(request).verificationCode, asked.body['verificationCode']);
  await phone.approve(request);
  const first = await client.call('credentials/authorizeCheck', { handle });
  t.match(first, { status: 200, body: { SAD: /^[A-Za-z0-9_-]{43}$/, expiresIn: 300 } });
  const second = await client.call('credentials/authorizeCheck', { handle });
  t.not(second.body['SAD'], first.body['SAD']);
  const signDoc = (sad: unknown) =>
    client.call('signatures/signDoc', { credentialID, SAD: sad, documentDigests: digests() });
  refused(t, await signDoc(first.body['SAD']), 'Invalid parameter SAD', 'a later one replaces it');
  const signed = await signDoc(second.body['SAD']);
  const [signature] = signed.body['SignatureObject'] as string[];
  const { signerInfos, content } = parseSignedData(Buffer.from(signature, 'base64'));
  t.equal(content, undefined, 'detached');
  t.equal(signerInfos.length, 1);
  refused(t, await signDoc(second.body['SAD']), 'Invalid parameter SAD', 'and it is used once');
  refused(t, await client.call('credentials/authorizeCheck', { handle }), 'Invalid parameter handle');
  const events = await service.house.stores.database.query<{ outcome: string; action: string }>({
    text: 'select action, outcome, refusal_code from audit_event where subject = $1 order by id',
    values: [`csc-authorization:${handle}`],
  });
  t.match(events, [
    { action: 'ask-csc-authorization', outcome: 'accepted' },
    { action: 'use-csc-authorization', outcome: 'accepted' },
    { action: 'use-csc-authorization', outcome: 'refused', refusal_code: 'invalid_request' },
    { action: 'check-csc-authorization', outcome: 'refused', refusal_code: 'invalid_request' },
  ]);
  const [{ clear }] = await service.house.stores.database.query<{ clear: number }>({
    text: `select count(*)::int as clear from csc_authorization a where a::text like '%' || $1 || '%'`,
    values: [String(second.body['SAD'])],
  });
  t.equal(clear, 0, 'activation data lies nowhere as it is');
  await t.rejects(
    service.house.stores.database.transaction((tx) =>
      service.house.stores.cscAuthorizations.setUsed(tx, handle as never, { at: new Date(0) }),
    ),
    /does not change/,
    'nor does the database use it twice',
  );
}

async function whole(t: Test, clinic: Clinic): Promise<void> {
  const { client, phone, credentialID } = clinic;
  const { title, content, mediaType } = socialSecurityDocument();
  const canonical = Buffer.from(canonicalJson(JSON.parse(Buffer.from(content, 'base64').toString())));
  const document = canonical.toString('base64');
  const hashes = [hash(canonical).toString('base64')];
  const documents = [{ label: title, document, mediaType }];
  const request = wish(clinic, { hashes, documents, signature_format: 'J' });
  const { body } = await client.call('credentials/authorize', request);
  const shown = (await phone.fetch())!;
  t.match(shown, { format: 'jades', documents: [{ title, mediaType, content: document }] });
  await phone.approve(shown);
  const { SAD } = (await client.call('credentials/authorizeCheck', { handle: body['handle'] })).body;
  const wanted = { document, signature_format: 'J', signAlgo: ECDSA_SHA_256 };
  const sign = (one: object) => client.call('signatures/signDoc', { credentialID, SAD, documents: [one] });
  refused(t, await sign({ ...wanted, signature_format: 'C' }), 'Invalid parameter signature_format');
  const signed = await sign(wanted);
  const [jws] = signed.body['DocumentWithSignature'] as string[];
  const [, payload] = Buffer.from(jws, 'base64').toString().split('.');
  t.equal(Buffer.from(payload, 'base64url').compare(canonical), 0);
}

function letterRequest(clinic: Clinic) {
  const [content, hashes] = [pdfOf(), [hash(pdfOf()).toString('base64')]];
  const document = content.toString('base64');
  const documents = [{ label: 'Letter', document, mediaType: 'application/pdf' }];
  return { content, document, request: wish(clinic, { hashes, documents, signature_format: 'P' }) };
}

async function confirmed({ client, phone }: Clinic, request: object): Promise<unknown> {
  const { body } = await client.call('credentials/authorize', request);
  await phone.approve((await phone.fetch())!);
  return (await client.call('credentials/authorizeCheck', { handle: body['handle'] })).body['SAD'];
}

async function pdf(t: Test, clinic: Clinic): Promise<void> {
  const { client, phone, credentialID } = clinic;
  const { content, document, request } = letterRequest(clinic);
  const unreadable = Buffer.from('%PDF-1.7 and no more');
  const broken = {
    ...request,
    hashes: [hash(unreadable).toString('base64')],
    documents: [{ document: unreadable.toString('base64'), mediaType: 'application/pdf' }],
  };
  refused(t, await client.call('credentials/authorize', broken), 'The PDF cannot be signed');
  const asC = { ...request, signature_format: 'C' };
  refused(t, await client.call('credentials/authorize', asC), 'Invalid parameter mediaType');
  const asked = await client.call('credentials/authorize', request);
  const shown = (await phone.fetch())!;
  t.match(shown, { format: 'pades', documents: [{ title: 'Letter', mediaType: 'application/pdf' }] });
  t.equal(phone.read(shown).verificationCode, asked.body['verificationCode']);
  await phone.approve(shown);
  const { SAD } = (await client.call('credentials/authorizeCheck', { handle: asked.body['handle'] })).body;
  const wanted = { document, signature_format: 'P', signAlgo: ECDSA_SHA_256 };
  const sign = (one: object) => client.call('signatures/signDoc', { credentialID, SAD, documents: [one] });
  const certifying = { ...wanted, signed_envelope_property: 'Certification' };
  refused(t, await sign(certifying), 'Invalid parameter signed_envelope_property');
  const other = Buffer.concat([content, Buffer.from('\n')]).toString('base64');
  refused(
    t,
    await sign({ ...wanted, document: other }),
    'documentDigests or documents are not authorized by the SAD',
  );
  const { body } = await sign(wanted);
  const [signed] = body['DocumentWithSignature'] as string[];
  t.ok(Buffer.from(signed, 'base64').subarray(0, content.length).equals(content));
  t.match(await validated(clinic, signed), { indication: 'TOTAL-PASSED' });
}

async function levels(t: Test, clinic: Clinic): Promise<void> {
  const { client, credentialID, service } = clinic;
  const { councilNumber } = clinic.doctor.body.applicant;
  const { title, content: fhir, mediaType } = fhirDocument(writtenBy(councilNumber, service.clock.now()));
  const hashes = [hash(Buffer.from(fhir, 'base64')).toString('base64')];
  const documents = [{ label: title, document: fhir, mediaType }];
  const letter = letterRequest(clinic);
  for (const [signature_format, document, request] of [
    ['J', fhir, wish(clinic, { hashes, documents, signature_format: 'J' })],
    ['P', letter.document, letter.request],
  ] as const)
    for (const reached of ['B-T', 'B-LT']) {
      const SAD = await confirmed(clinic, request);
      const wanted = { document, signature_format, signAlgo: ECDSA_SHA_256 };
      const one = { ...wanted, conformance_level: `Ades-${reached}` };
      const { body } = await client.call('signatures/signDoc', { credentialID, SAD, documents: [one] });
      const [signed] = body['DocumentWithSignature'] as string[];
      t.match(
        await validated(clinic, signed),
        { indication: 'TOTAL-PASSED', signatures: [{ level: { reached } }] },
        `${signature_format} at ${reached}`,
      );
      service.clock.advanceSeconds(1);
    }
}

async function validated({ service }: Clinic, signature: string): Promise<object> {
  const request = { method: 'POST', url: '/api/v1/validations', payload: { signature } } as const;
  return (await service.app.inject(request)).json<object>();
}

async function lostAnswers(t: Test, clinic: Clinic): Promise<void> {
  const { client, phone } = clinic;
  const request = wish(clinic, { clientData: 'transaction-7' });
  const first = await client.call('credentials/authorize', request);
  const again = await client.call('credentials/authorize', request);
  t.strictSame(again.body, first.body);
  const other = await client.call('credentials/authorize', { ...request, description: 'Another letter' });
  t.match(other, { status: 400, body: { error: 'temporarily_unavailable' } }, 'one question at a time');
  await phone.refuse((await phone.fetch())!);
}

async function ends(t: Test, clinic: Clinic): Promise<void> {
  const { client, phone, service } = clinic;
  const ask = async () => {
    const { body } = await client.call('credentials/authorize', wish(clinic));
    return { handle: body['handle'], request: (await phone.fetch())! };
  };
  const check = (handle: unknown) => client.call('credentials/authorizeCheck', { handle });
  const refusal = await ask();
  await phone.refuse(refusal.request);
  t.match(await check(refusal.handle), { status: 400, body: { error: 'access_denied' } });
  const wrongCode = await ask();
  const screen = phone.read(wrongCode.request);
  const { codeChoices } = (await phone.display(wrongCode.request, screen)).body;
  await phone.confirm(
    wrongCode.request,
    codeChoices.find((code) => code !== screen.verificationCode)!,
  );
  t.match(await check(wrongCode.handle), { status: 400, body: { error: 'invalid_authentication_data' } });
  const late = await ask();
  service.clock.advanceSeconds(181);
  t.match(await check(late.handle), { status: 400, body: { error: 'access_denied' } });
  const unfetched = await ask();
  await phone.approve(unfetched.request);
  service.clock.advanceSeconds(301);
  await client.authenticate();
  refused(t, await check(unfetched.handle), 'SAD expired');
  const recorded = async (subject: string) => {
    const rows = await service.house.stores.database.query<{ refusal_code: string }>({
      text: `select refusal_code from audit_event where subject = $1 and action = 'check-csc-authorization'
        and outcome = 'refused' order by id`,
      values: [subject],
    });
    return rows.map(({ refusal_code }) => refusal_code);
  };
  for (const [{ handle }, code] of [
    [refusal, 'access_denied'],
    [wrongCode, 'invalid_authentication_data'],
    [late, 'access_denied'],
    [unfetched, 'invalid_request'],
  ] as const)
    t.strictSame(await recorded(`csc-authorization:${String(handle)}`), [code], 'each refusal is on record');
  const before = (await recorded('relying-party:his-polling')).length;
  refused(t, await check('0190a000-0000-7000-8000-000000000000'), 'Invalid parameter handle');
  t.equal((await recorded('relying-party:his-polling')).length, before + 1, 'a guessed handle, too');
}

async function info(t: Test, { client }: Clinic): Promise<void> {
  const persian = await client.call('info', {}, '');
  t.match(persian, {
    status: 200,
    body: {
      specs: '2.0.0.2',
      lang: 'fa-IR',
      name: 'مهر',
      region: 'IR',
      authType: ['oauth2code', 'oauth2client'],
      oauth2: 'http://mohr.test/csc',
      asynchronousOperationMode: true,
      conformance_levels: ['Ades-B-B', 'Ades-B-T', 'Ades-B-LT'],
      signature_formats: {
        formats: ['C', 'J', 'P'],
        envelope_properties: [['Attached', 'Detached'], ['Attached'], ['Revision']],
      },
    },
  });
  t.match(await client.call('info', { lang: 'en-GB' }, ''), { body: { lang: 'en-US', name: 'Mohr' } });
  const methods = persian.body['methods'] as string[];
  t.ok(methods.includes('signatures/signHash') && methods.includes('signatures/signDoc'));
  t.notOk(methods.includes('signatures/timestamp'));
  const logo = await client.service.app.inject({ url: new URL(persian.body['logo'] as string).pathname });
  t.match(logo, { statusCode: 200, headers: { 'content-type': 'image/png' } });
  t.equal(logo.rawPayload.subarray(1, 4).toString(), 'PNG');
}

async function credentials(t: Test, clinic: Clinic): Promise<void> {
  const { client, credentialID, doctor, service } = clinic;
  const { councilNumber, nationalId } = doctor.body.applicant;
  const named = { userID: `${councilNumber.group}-${councilNumber.digits}` };
  t.strictSame((await client.call('credentials/list', named)).body, { credentialIDs: [credentialID] });
  const listed = await client.call('credentials/list', {
    userID: nationalId,
    credentialInfo: true,
    certificates: 'chain',
    certInfo: true,
    authInfo: true,
    onlyValid: true,
    lang: 'en-US',
  });
  const [credential] = listed.body['credentialInfos'] as {
    cert: { certificates: string[]; subjectDN: string };
  }[];
  t.match(credential, {
    credentialID,
    key: { status: 'enabled', algo: [ECDSA_SHA_256], len: 256, curve: '1.2.840.10045.3.1.7' },
    cert: { status: 'valid', serialNumber: /^[0-9A-F]+$/, validFrom: /^\d{14}Z$/, validTo: /^\d{14}Z$/ },
    auth: {
      mode: 'explicit',
      expression: 'phone',
      objects: [{ type: 'ChallengeResponseOOB', id: 'phone', label: 'Phone' }],
    },
    SCAL: '2',
    multisign: 20,
    lang: 'en-US',
  });
  t.equal(credential.cert.certificates.length, 2, 'with its issuer');
  t.match(credential.cert.subjectDN, /^CN=.*serialNumber=\d{10}.*,C=IR$/, 'the last relative name first');
  t.equal(listed.body['onlyValid'], true);
  const none = await client.call('credentials/info', { credentialID, certificates: 'none' });
  t.strictSame(none.body['cert'], { status: 'valid' });
  await hold(clinic, 'hold');
  const held = await client.call('credentials/info', { credentialID });
  t.match(held.body, { key: { status: 'disabled' }, cert: { status: 'suspended' } });
  t.strictSame((await client.call('credentials/list', { ...named, onlyValid: true })).body, {
    credentialIDs: [],
    onlyValid: true,
  });
  const disabled = 'The credential identified by credentialID is disabled';
  refused(t, await client.call('credentials/authorize', wish(clinic)), disabled);
  await hold(clinic, 'release');
  for (const [body, description] of [
    [{}, 'Missing (or invalid type) string parameter userID'],
    [{ userID: '9990000000' }, 'Invalid parameter userID'],
    [{ userID: 'physician-0' }, 'Invalid parameter userID'],
    [{ ...named, certificates: 'all' }, 'Invalid parameter certificates'],
  ] as const)
    refused(t, await client.call('credentials/list', body), description);
  for (const [body, description] of [
    [{}, 'Missing (or invalid type) string parameter credentialID'],
    [{ credentialID: 'x' }, 'Invalid parameter credentialID'],
    [{ credentialID: '00'.repeat(32) }, 'Invalid parameter credentialID'],
  ] as const)
    refused(t, await client.call('credentials/info', body), description);
  const [{ looks }] = await service.house.stores.database.query<{ looks: number }>({
    text: `select count(*)::int as looks from audit_event where action in ('list-csc-credentials', 'read-csc-credential')
      and subject = 'relying-party:his-polling'`,
  });
  t.equal(looks, 5, 'who looked at whose certificates is on record');
}

async function strangers(t: Test, { client, service }: Clinic): Promise<void> {
  const methods = [
    'credentials/list',
    'credentials/info',
    'credentials/authorize',
    'credentials/authorizeCheck',
  ];
  const signatures = ['signatures/signHash', 'signatures/signDoc', 'signatures/signPolling'];
  for (const method of [...methods, ...signatures, 'auth/revoke']) {
    refused(t, await client.call(method, {}, ''), 'Malformed authorization header', method);
    const unknown = await client.call(method, {}, 'x'.repeat(43));
    t.match(unknown, {
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"', 'cache-control': 'no-store' },
      body: { error: 'invalid_token' },
    });
  }
  const notOffered = ['auth/login', 'credentials/getChallenge', 'credentials/extendTransaction', 'nonsense'];
  for (const method of [...notOffered, 'signatures/timestamp'])
    t.match(await client.call(method, {}), { status: 501, body: { error: 'not_implemented' } }, method);
  const malformed = await service.app.inject({
    method: 'POST',
    url: '/csc/v2/info',
    headers: { 'content-type': 'application/json' },
    payload: '{"lang":',
  });
  t.match(malformed.json(), { error: 'invalid_request' });
  t.equal(malformed.statusCode, 400);
  const { token } = client;
  await client.authenticate();
  t.equal((await client.call('auth/revoke', { token })).status, 204);
  t.equal((await client.call('info', {}, token)).status, 200, 'which asks nobody');
  t.equal((await client.call('credentials/list', {}, token)).status, 401, 'and the token is over');
}

async function authorizeRefusals(t: Test, clinic: Clinic): Promise<void> {
  const missing = (name: string) => `Missing (or invalid type) ${name}`;
  const cases: readonly [object, string][] = [
    [{ credentialID: undefined }, missing('string parameter credentialID')],
    [{ credentialID: 'GX0112348' }, 'Invalid parameter credentialID'],
    [{ credentialID: '00'.repeat(32) }, 'Invalid parameter credentialID'],
    [{ numSignatures: undefined }, missing('integer parameter numSignatures')],
    [{ numSignatures: 'two' }, missing('integer parameter numSignatures')],
    [{ numSignatures: 0 }, 'Invalid value for parameter numSignatures'],
    [{ numSignatures: 2 }, 'Invalid value for parameter numSignatures'],
    [{ numSignatures: 21 }, 'Numbers of signatures is too high'],
    [{ hashes: undefined }, missing('array parameter hashes')],
    [{ hashes: [] }, 'Empty hash array'],
    [{ hashes: ['@'] }, 'Invalid Base64 hash string parameter'],
    [{ hashes: ['AAAA'] }, 'Invalid digest value length'],
    [{ hashAlgorithmOID: '1.3.14.3.2.26' }, 'Invalid parameter hashAlgorithmOID'],
    [{ hashAlgorithmOID: undefined }, missing('string parameter hashAlgorithmOID')],
    [{ description: 'x'.repeat(501) }, 'Invalid parameter description'],
    [{ description: 'turned \u202eround' }, 'The document cannot be shown on the phone'],
    [{ signature_format: 'P' }, 'Invalid parameter signature_format'],
    [{ signature_format: 'J' }, 'Invalid parameter signature_format'],
    [{ documents: [{}, {}] }, 'Invalid array parameter documents'],
    [{ documents: [{ document: 'e30=', mediaType: 'application/pdf' }] }, 'Invalid parameter mediaType'],
    [
      { documents: [{ document: 'e30=', mediaType: 'application/json' }] },
      'documents do not match their hashes',
    ],
    [
      {
        hashes: [hash(Buffer.from('{ }')).toString('base64')],
        documents: [{ document: Buffer.from('{ }').toString('base64'), mediaType: 'application/json' }],
      },
      'application/json has to be in its canonical form (RFC 8785)',
    ],
  ];
  for (const [override, description] of cases)
    refused(t, await clinic.client.call('credentials/authorize', wish(clinic, override)), description);
  for (const authData of [[], [{ id: 'PIN', value: '1234' }], [{ id: 'phone' }, { id: 'PIN' }]])
    t.match(await clinic.client.call('credentials/authorize', wish(clinic, { authData })), {
      status: 400,
      body: { error: 'invalid_authentication_data', error_description: 'The authentication data is invalid' },
    });
  const unknown = { handle: '0190a000-0000-7000-8000-000000000000' };
  for (const body of [unknown, { handle: 'x' }])
    refused(t, await clinic.client.call('credentials/authorizeCheck', body), 'Invalid parameter handle');
  t.equal(await clinic.phone.fetch(), undefined, 'and no phone has rung');
}

async function signDocRefusals(t: Test, clinic: Clinic): Promise<void> {
  const { client, credentialID } = clinic;
  const SAD = await activated(clinic);
  const missing = (name: string) => `Missing (or invalid type) string parameter ${name}`;
  const other = [hash(Buffer.from('another')).toString('base64')];
  const letter = { document: LETTER.toString('base64'), signature_format: 'C', signAlgo: ECDSA_SHA_256 };
  const notAuthorized = 'documentDigests or documents are not authorized by the SAD';
  const cases: readonly [object, string][] = [
    [{ SAD: undefined }, missing('SAD')],
    [{ SAD: 'x'.repeat(43) }, 'Invalid parameter SAD'],
    [{ credentialID: undefined }, missing('credentialID')],
    [{ credentialID: '00'.repeat(32) }, 'Invalid parameter credentialID'],
    [{ documentDigests: [] }, 'Empty documentDigests and documents objects'],
    [{ documents: [letter] }, 'Both documentDigests and documents parameters passed'],
    [{ documentDigests: 'x' }, 'Missing (or invalid type) object parameter documentDigests'],
    [
      { documentDigests: undefined, documents: [{ ...letter, document: '@' }] },
      'Invalid Base64 documents string parameter',
    ],
    [{ documentDigests: digests({}, ['@']) }, 'Invalid Base64 hashes string parameter'],
    [{ documentDigests: digests({}, ['AAAA']) }, 'Invalid digest value length'],
    [{ documentDigests: digests({}, other) }, notAuthorized],
    [{ documentDigests: digests({}, [LETTER_HASH, LETTER_HASH]) }, notAuthorized],
    [{ documentDigests: undefined, documents: [{ ...letter, document: 'AAAA' }] }, notAuthorized],
    [
      { documentDigests: digests({ hashAlgorithmOID: '1.3.14.3.2.26' }) },
      'String parameter hashAlgorithmOID contradicts with signAlgo parameter',
    ],
    [{ documentDigests: digests({ signAlgo: undefined }) }, missing('signAlgo')],
    [{ documentDigests: digests({ signAlgo: '1.2.840.113549.1.1.1' }) }, 'Invalid parameter signAlgo'],
    [{ documentDigests: digests({ signAlgoParams: 'MAA=' }) }, 'Invalid parameter signAlgoParams'],
    [{ documentDigests: digests({ signature_format: undefined }) }, missing('signature_format')],
    [{ documentDigests: digests({ signature_format: 'X' }) }, 'Invalid parameter signature_format'],
    [{ documentDigests: digests({ conformance_level: 'Ades-B-T' }) }, 'Invalid parameter conformance_level'],
    [
      { documentDigests: digests({ conformance_level: 'Ades-B-LTA' }) },
      'Invalid parameter conformance_level',
    ],
    [
      { documentDigests: digests({ signed_envelope_property: 'Attached' }) },
      'Invalid parameter signed_envelope_property',
    ],
    [
      { documentDigests: digests({ signed_envelope_property: 'Revision' }) },
      'Invalid parameter signed_envelope_property',
    ],
    [
      { documentDigests: digests({ signed_props: [{ attribute_name: 'Reason' }] }) },
      'Invalid parameter signed_props',
    ],
    [{ operationMode: 'X' }, 'Invalid parameter operationMode'],
    [{ operationMode: 'A', validity_period: 0 }, 'Out of bounds parameter validity_period'],
    [{ operationMode: 'A', validity_period: 86_400_001 }, 'Out of bounds parameter validity_period'],
    [{ validity_period: 1000 }, 'Invalid parameter validity_period'],
    [{ response_uri: 'https://his.example/done' }, 'Invalid parameter response_uri'],
    [{ returnValidationInfo: true }, 'Invalid parameter returnValidationInfo'],
  ];
  for (const [override, description] of cases) {
    const request = { credentialID, SAD, documentDigests: digests(), ...override };
    refused(t, await client.call('signatures/signDoc', request), description, JSON.stringify(override));
  }
  await hold(clinic, 'hold');
  const request = { credentialID, SAD, documentDigests: digests() };
  const disabled = 'The credential identified by credentialID is disabled';
  refused(t, await client.call('signatures/signDoc', request), disabled);
  await hold(clinic, 'release');
  const asynchronous = { ...request, operationMode: 'A', validity_period: 5000, clientData: 'tx' };
  const { body } = await client.call('signatures/signDoc', asynchronous);
  const poll = (requestID: unknown, more: object = {}) =>
    client.call('signatures/signPolling', { requestID, ...more });
  t.match(await poll(body['responseID']), { status: 200, body: { SignatureObject: [String] } });
  refused(t, await poll(undefined), missing('requestID'));
  refused(t, await poll('x'), 'Invalid parameter requestID');
  clinic.service.clock.advanceSeconds(6);
  refused(t, await poll(body['responseID']), 'Invalid parameter requestID', 'its time is over');
  await clinic.service.house.stores.cscAuthorizations.pruneAnswers(clinic.service.clock.now());
  refused(t, await poll(body['responseID']), 'Invalid parameter requestID', 'and it is forgotten');
}

async function foreign(t: Test, clinic: Clinic): Promise<void> {
  const { service, client, credentialID } = clinic;
  const thief = await CscClient.register(service, { id: 'his-thief', redirectUris: [] });
  await thief.authenticate();
  const SAD = await activated(clinic);
  const request = { credentialID, SAD, documentDigests: digests() };
  refused(t, await thief.call('signatures/signDoc', request), 'Invalid parameter SAD');
  const asked = await client.call('credentials/authorize', wish(clinic, { clientData: 'foreign' }));
  const { handle } = asked.body;
  refused(t, await thief.call('credentials/authorizeCheck', { handle }), 'Invalid parameter handle');
  await clinic.phone.refuse((await clinic.phone.fetch())!);
  service.clock.advanceSeconds(301);
  await client.authenticate();
  refused(t, await client.call('signatures/signDoc', request), 'SAD expired');
  const second = await issueDoctor(service);
  const otherPhone = new SoftwarePhone(service.app, second);
  await otherPhone.signIn();
  const fresh = await activated(clinic);
  const other = hash(second.certificate.bytes).toString('hex');
  const elsewhere = { ...request, SAD: fresh, credentialID: other };
  refused(t, await client.call('signatures/signDoc', elsewhere), 'Invalid parameter credentialID');
  await thief.system.asOperator('PATCH', '/relying-parties/his-thief', { version: 1, isDisabled: true });
  t.match(await thief.call('credentials/list', {}), { status: 401, body: { error: 'invalid_token' } });
}

async function tooOften(t: Test, { client }: Clinic): Promise<void> {
  let last: CscAnswer | undefined;
  for (let asked = 0; asked < 121 && last?.status !== 429; asked += 1)
    last = await client.call('credentials/list', { userID: 'x' });
  t.match(last, { status: 429, body: { error: 'temporarily_unavailable' } });
}

async function hold({ service, doctor }: Clinic, act: 'hold' | 'release'): Promise<void> {
  const response = await service.app.inject({
    method: 'POST',
    url: `${doctor.path}/${act}`,
    headers: { cookie: await service.cookieOf('ca-operator') },
    payload: act === 'hold' ? { cause: 'lost' } : {},
  });
  if (response.statusCode >= 300) throw new Error(response.body);
}

function refused(t: Test, { status, body }: CscAnswer, description: string, what = description): void {
  t.strictSame(
    [status, body.error, body.error_description],
    [400, 'invalid_request', description],
    what.slice(0, 120),
  );
}

async function statusAndBody(client: CscClient, method: string, body: object): Promise<unknown[]> {
  const answer = await client.call(method, body);
  return [answer.status, answer.body];
}
