import { constants, generateKeyPairSync, privateEncrypt, sign, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { assertNotHandedIn } from '../../ca/approval/assert-holder-signed.ts';
import { checkRenewals } from '../../cli/fsck/check-renewals.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { certificateFingerprint, parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import { encodeSignedData } from '../../pki/cms/encode-signed-data.ts';
import { readSingleSigner } from '../../pki/cms/single-signer.ts';
import { digest, digestIdentifier } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { AT } from '../../pki/oid.ts';
import { decodePem } from '../../pki/pem.ts';
import { asReadyDigest } from '../../pki/ready-digest.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { ecdsaSignatureValue } from '../../signing/device/ecdsa-signature-value.ts';
import {
  cadesAttributes,
  cadesSignedOctets,
  deviceSignInOctets,
} from '../../signing/device/signed-octets.ts';
import { isDigestSignedByDevice } from '../../signing/ready-digest.ts';
import { CscClient, HolderBrowser, codeOn } from '../support/csc-client.ts';
import type { CscAnswer } from '../support/csc-client.ts';
import { authorityTemplate, fixtureCertificate } from '../support/fixture-certificate.ts';
import { renewalAcceptance } from '../support/holder-signatures.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { signReadyDigest } from '../support/sign-ready-digest.ts';
import { SoftwarePhone, hash } from '../support/software-phone.ts';
import { tamper } from '../support/tamper.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const SHA_256 = '2.16.840.1.101.3.4.2.1';
const ECDSA_SHA_256 = '1.2.840.10045.4.3.2';
const EC_KEY = '1.2.840.10045.2.1';
const LETTER = Buffer.from('a discharge letter');

interface Clinic {
  service: TestService;
  client: CscClient;
  doctor: IssuedDoctor;
  phone: SoftwarePhone;
  credentialID: string;
}

t.test('signatures/signHash', async (t) => {
  await onBothServices(t, async (t, service) => {
    const clinic = await open(service);
    await t.test('only for a client that may, of a key that does', (t) => allowed(t, clinic));
    await t.test('the phone signs what the client has built, and OpenSSL verifies it', (t) =>
      signed(t, clinic),
    );
    await t.test('several at once, fetched later', (t) => several(t, clinic));
    await t.test('the token of an authorization code signs its hashes, and no other', (t) =>
      byCode(t, clinic),
    );
    await t.test('refusals in the words of §11.10', (t) => refusals(t, clinic));
    await t.test('a digest that was handed in signs nobody in', (t) => noSignIn(t, clinic));
    await t.test('nor any document that the phone was shown', (t) => noDocument(t, clinic));
    await t.test('nor a renewal, at the registration authority and at the CA', (t) => noRenewal(t, clinic));
  });
});

async function open(service: TestService): Promise<Clinic> {
  const client = await CscClient.register(service, { id: 'his-digests', redirectUris: [] });
  await client.authenticate();
  const doctor = await issueDoctor(service);
  const phone = new SoftwarePhone(service.app, doctor);
  await phone.signIn();
  return { service, client, doctor, phone, credentialID: hash(doctor.certificate.bytes).toString('hex') };
}

function wish({ credentialID }: Clinic, hashes: readonly Buffer[], override: object = {}) {
  return {
    credentialID,
    numSignatures: hashes.length,
    hashes: hashes.map((one) => one.toString('base64')),
    hashAlgorithmOID: SHA_256,
    authData: [{ id: 'phone' }],
    description: 'Discharge letter',
    lang: 'en-US',
    ...override,
  };
}

/** Activation data for hashes that the holder has confirmed. */
async function activated(clinic: Clinic, hashes: readonly Buffer[], override: object = {}): Promise<unknown> {
  const { client, phone } = clinic;
  const { body, status } = await client.call('credentials/authorize', wish(clinic, hashes, override));
  if (status !== 202) throw new Error(JSON.stringify(body));
  const answer = await phone.approve((await phone.fetch())!);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return (await client.call('credentials/authorizeCheck', { handle: body['handle'] })).body['SAD'];
}

/** What a relying party gets that says it is a letter, over whatever it likes. */
async function handIn(clinic: Clinic, readyDigest: Buffer): Promise<Buffer> {
  const SAD = await activated(clinic, [readyDigest]);
  const { client, credentialID } = clinic;
  const { body } = await client.call('signatures/signHash', {
    credentialID,
    SAD,
    hashes: [readyDigest.toString('base64')],
    signAlgo: ECDSA_SHA_256,
  });
  const [signature] = body['signatures'] as string[];
  return Buffer.from(signature, 'base64');
}

async function allowed(t: Test, clinic: Clinic): Promise<void> {
  const { client, phone, credentialID } = clinic;
  const asks = () => client.call('credentials/authorize', wish(clinic, [hash(LETTER)]));
  const algorithms = async () => {
    const { body } = await client.call('credentials/info', { credentialID });
    return (body['key'] as { algo: string[] }).algo;
  };
  await asks();
  const plain = (await phone.fetch())!;
  t.equal(plain.format, 'cades', 'hashes of other clients are those of documents');
  await phone.refuse(plain);
  const change = { version: 1, mayHandInDigests: true };
  const changed = await client.system.asOperator('PATCH', `/relying-parties/${client.system.id}`, change);
  t.match(changed, { status: 200, body: { mayHandInDigests: true, version: 2 } });
  refused(t, await asks(), 'The credential identified by credentialID does not sign hashes');
  t.strictSame(await algorithms(), [ECDSA_SHA_256]);
  const hashing = await phone.signIn({ digestSignature: Buffer.alloc(64, 1).toString('base64') });
  t.match(
    hashing,
    { status: 401, body: { code: 'device-not-accepted' } },
    'a key of a browser cannot show it',
  );
  t.equal((await phone.signInWithDigests()).status, 201);
  t.strictSame(await algorithms(), [ECDSA_SHA_256, EC_KEY]);
  t.equal((await asks()).status, 202);
  const shown = (await phone.fetch())!;
  t.match(shown, { format: 'raw', documents: [{ sha256: hash(LETTER).toString('hex') }] });
  const [{ displayText }] = shown.documents;
  t.match(displayText, /signed as it has come\..* do not sign if you do not trust them:\n[0-9a-f]{64}$/);
  await phone.refuse(shown);
  const asDocument = await client.call(
    'credentials/authorize',
    wish(clinic, [hash(LETTER)], { signature_format: 'C' }),
  );
  t.equal(asDocument.status, 202, 'and a client may say that it is the hash of a document');
  const document = (await phone.fetch())!;
  t.equal(document.format, 'cades');
  await phone.refuse(document);
}

async function signed(t: Test, clinic: Clinic): Promise<void> {
  const { client, doctor, credentialID, service } = clinic;
  const { certificate } = doctor;
  // What a library for CAdES does: it makes the attributes and wants a signature value.
  const facts = {
    documentSha256: hash(LETTER),
    certificateSha256: certificateFingerprint(certificate),
    signingTime: service.clock.now(),
  };
  const toBeSigned = hash(cadesSignedOctets(facts));
  const SAD = await activated(clinic, [toBeSigned]);
  const call = (override: object) =>
    client.call('signatures/signHash', {
      credentialID,
      SAD,
      hashes: [toBeSigned.toString('base64')],
      signAlgo: ECDSA_SHA_256,
      ...override,
    });
  const another = hash(Buffer.from('another letter')).toString('base64');
  refused(t, await call({ hashes: [another] }), 'Hash is not authorized by the SAD');
  const twice = [toBeSigned, toBeSigned].map((one) => one.toString('base64'));
  refused(t, await call({ hashes: twice }), 'Hash is not authorized by the SAD', 'nor one hash twice');
  const asDocument = { signature_format: 'C', signAlgo: ECDSA_SHA_256 };
  const documentDigests = [{ hashes: [toBeSigned.toString('base64')], ...asDocument }];
  refused(
    t,
    await client.call('signatures/signDoc', { credentialID, SAD, documentDigests }),
    'Invalid parameter signature_format',
  );
  const answer = await call({});
  t.equal(answer.status, 200, JSON.stringify(answer.body));
  refused(t, await call({}), 'Invalid parameter SAD', 'once');
  const [value] = (answer.body['signatures'] as string[]).map((one) => Buffer.from(one, 'base64'));
  const folder = temporaryFolder(t);
  const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
  write('digest.bin', toBeSigned);
  write('value.der', value);
  write('key.pem', publicKeyOf(certificate).export({ type: 'spki', format: 'pem' }));
  write('letter.txt', LETTER);
  write(
    'letter.p7s',
    encodeSignedData({
      certificates: [certificate.bytes],
      signerInfos: [
        {
          certificate,
          digestAlgorithm: digestIdentifier('sha256'),
          signedAttributes: cadesAttributes(facts),
          signatureAlgorithm: signatureAlgorithmIdentifier('ecdsa-sha256'),
          signature: value,
        },
      ],
    }),
  );
  const openssl = (line: string) => runOpenssl(line.split(' '), { cwd: folder }).toString();
  t.match(openssl('pkeyutl -verify -pubin -inkey key.pem -sigfile value.der -in digest.bin'), /Successfully/);
  const verified = openssl('cms -verify -noverify -binary -content letter.txt -inform DER -in letter.p7s');
  t.equal(verified, LETTER.toString());
  const [kept] = await service.house.stores.database.query<{ digest: Buffer; id: string }>({
    text: 'select digest, session_id as id from handed_in_digest where digest = $1',
    values: [toBeSigned],
  });
  t.ok(kept, 'the digest is kept for as long as the certificate');
  const cookie = await service.cookieOf('auditor');
  const evidence = await service.app.inject({
    url: `/api/v1/signature-sessions/${kept.id}/evidence`,
    headers: { cookie },
  });
  t.match(evidence.json(), {
    format: 'raw',
    documents: [{ sha256: toBeSigned.toString('hex'), signature: value.toString('base64') }],
  });
  await t.rejects(
    service.house.stores.database.query({ text: 'delete from handed_in_digest' }),
    /append-only|not allowed|refuse|change/i,
  );
}

async function several(t: Test, clinic: Clinic): Promise<void> {
  const { client, doctor, credentialID } = clinic;
  const digests = ['a', 'b', 'c'].map((one) => hash(Buffer.from(one)));
  const SAD = await activated(clinic, digests);
  const asked = await client.call('signatures/signHash', {
    credentialID,
    SAD,
    hashes: [digests[2], digests[0]].map((one) => one.toString('base64')),
    hashAlgorithmOID: SHA_256,
    signAlgo: EC_KEY,
    operationMode: 'A',
  });
  const polled = await client.call('signatures/signPolling', { requestID: asked.body['responseID'] });
  const values = (polled.body['signatures'] as string[]).map((one) => Buffer.from(one, 'base64'));
  t.equal(values.length, 2, 'fewer than were authorized, in the order in which they were asked for');
  const isOver = (octets: string, value: Buffer) =>
    verify('sha256', Buffer.from(octets), publicKeyOf(doctor.certificate), value);
  t.ok(isOver('c', values[0]) && isOver('a', values[1]));
}

/** §8.4.2: the holder is asked by the authorization server, and the token of scope credential takes the place of a SAD. */
async function byCode(t: Test, { doctor, credentialID, service, phone }: Clinic): Promise<void> {
  const client = await CscClient.register(service, { id: 'his-with-pages' });
  const allowed = await client.system.asOperator('PATCH', `/relying-parties/${client.system.id}`, {
    version: 1,
    mayHandInDigests: true,
  });
  t.match(allowed, { status: 200, body: { mayHandInDigests: true } });
  await client.authenticate();
  const digests = ['first', 'second'].map((one) => hash(Buffer.from(`by code: ${one}`)));
  const [first, second] = digests.map((one) => one.toString('base64'));
  const flow = await client.begin({
    scope: 'credential',
    lang: 'en-US',
    credentialID,
    numSignatures: '2',
    hashes: digests.map((one) => one.toString('base64url')).join(','),
    hashAlgorithmOID: SHA_256,
    description: 'Two letters',
  });
  const browser = new HolderBrowser(service);
  const page = await browser.open(flow.url);
  const request = (await phone.fetch())!;
  t.match(request, { format: 'raw', documents: [{ sha256: digests[0].toString('hex') }, {}] });
  t.equal(
    codeOn(page),
    phone.read(request).verificationCode,
    'the holder compares the codes of both screens',
  );
  t.match(await phone.approve(request), { status: 200, body: { state: 'SIGNED' } });
  const { access_token: token } = await client.complete(flow, (await browser.reload()).leftFor!);
  const good = { credentialID, hashes: [second, first], signAlgo: ECDSA_SHA_256 };
  const sign = (override: object, bearer?: string) =>
    client.call('signatures/signHash', { ...good, ...override }, bearer);
  refused(
    t,
    await sign({}),
    'Missing (or invalid type) string parameter SAD',
    'a client of its own signs nothing',
  );
  const foreign = hash(Buffer.from('by code: third')).toString('base64');
  refused(t, await sign({ hashes: [foreign] }, token), 'Hash is not authorized by the SAD');
  refused(t, await sign({ credentialID: '00'.repeat(32) }, token), 'Invalid parameter credentialID');
  const another = await CscClient.register(service, { id: 'his-thief' });
  await another.authenticate();
  refused(t, await another.call('signatures/signHash', { ...good, SAD: token }), 'Invalid parameter SAD');
  const answer = await sign({}, token);
  t.equal(answer.status, 200, JSON.stringify(answer.body));
  const values = (answer.body['signatures'] as string[]).map((one) => Buffer.from(one, 'base64'));
  const key = publicKeyOf(doctor.certificate);
  const isOver = (octets: string, value: Buffer) => verify('sha256', Buffer.from(octets), key, value);
  t.ok(isOver('by code: second', values[0]) && isOver('by code: first', values[1]));
  refused(t, await sign({}, token), 'Invalid parameter SAD', 'once');
  refused(t, await sign({ SAD: token }), 'Invalid parameter SAD', 'nor as a SAD afterwards');
}

async function refusals(t: Test, clinic: Clinic): Promise<void> {
  const { client, credentialID } = clinic;
  const letter = hash(LETTER).toString('base64');
  const SAD = await activated(clinic, [hash(LETTER)]);
  const twice = [hash(Buffer.from('twice')), hash(Buffer.from('twice'))];
  for (const again of [[hash(LETTER)], twice])
    refused(t, await client.call('credentials/authorize', wish(clinic, again)), 'The hash was signed before');
  const good = { credentialID, SAD, hashes: [letter], signAlgo: ECDSA_SHA_256 };
  for (const [override, description] of [
    [{ SAD: undefined }, 'Missing (or invalid type) string parameter SAD'],
    [{ SAD: 'x' }, 'Invalid parameter SAD'],
    [{ credentialID: undefined }, 'Missing (or invalid type) string parameter credentialID'],
    [{ credentialID: '00'.repeat(32) }, 'Invalid parameter credentialID'],
    [{ hashes: undefined }, 'Missing (or invalid type) array parameter hashes'],
    [{ hashes: [] }, 'Empty hash array'],
    [{ hashes: ['?'] }, 'Invalid Base64 hash string parameter'],
    [{ hashes: ['AAAA'] }, 'Invalid digest value length'],
    [{ signAlgo: undefined }, 'Missing (or invalid type) string parameter signAlgo'],
    [{ signAlgo: '1.2.840.113549.1.1.11' }, 'Invalid parameter signAlgo'],
    [{ signAlgo: EC_KEY }, 'Missing (or invalid type) string parameter hashAlgorithmOID'],
    [{ hashAlgorithmOID: '2.16.840.1.101.3.4.2.2' }, 'Invalid parameter hashAlgorithmOID'],
    [{ signAlgoParams: 'MAA=' }, 'Invalid parameter signAlgoParams'],
    [{ response_uri: 'https://his.example/x' }, 'Invalid parameter response_uri'],
    [{ validity_period: 1 }, 'Invalid parameter validity_period'],
    [{ operationMode: 'A', validity_period: 0 }, 'Out of bounds parameter validity_period'],
  ] as const)
    refused(t, await client.call('signatures/signHash', { ...good, ...override }), description);
  clinic.service.clock.advanceSeconds(1);
  const forDocument = await activated(clinic, [hash(LETTER)], { signature_format: 'C' });
  refused(
    t,
    await client.call('signatures/signHash', { ...good, SAD: forDocument }),
    'The SAD authorizes signatures/signDoc: the phone has signed a document',
  );
  const another = hash(Buffer.from('not what the phone signs'));
  const wrong = (await clinic.client.call('credentials/authorize', wish(clinic, [another]))).status;
  t.equal(wrong, 202);
  const request = (await clinic.phone.fetch())!;
  const screen = clinic.phone.read(request);
  await clinic.phone.display(request, screen);
  await clinic.phone.confirm(request, screen.verificationCode);
  const over = signReadyDigest(clinic.doctor.signer.privateKey, hash(Buffer.from('another')));
  const answer = await clinic.phone.submit(request, [over.toString('base64')]);
  t.match(answer, { status: 422, body: { code: 'device-signature-wrong' } }, 'no other hash was signed');
}

async function noSignIn(t: Test, clinic: Clinic): Promise<void> {
  const { phone, doctor } = clinic;
  const thief = new SoftwarePhone(clinic.service.app, doctor);
  const { nonce } = (await thief.send<{ nonce: string }>('POST', '/challenges', {})).body;
  const certificateSha256 = certificateFingerprint(doctor.certificate).toString('hex');
  const readyDigest = hash(deviceSignInOctets({ nonce, certificateSha256 }));
  const value = fixedLength(await handIn(clinic, readyDigest));
  t.ok(isDigestSignedByDevice(doctor.certificate, readyDigest, value), 'the signature itself is right');
  const answer = await thief.signIn({ nonce, signature: value.toString('base64') });
  t.match(answer, { status: 401, body: { code: 'device-not-accepted' } });
  t.equal((await phone.signInWithDigests()).status, 201, 'the holder goes on');
}

async function noDocument(t: Test, clinic: Clinic): Promise<void> {
  const { client, phone, doctor, service } = clinic;
  const signingTime = service.clock.now();
  signingTime.setUTCMilliseconds(0);
  const certificateSha256 = certificateFingerprint(doctor.certificate);
  const documentSha256 = hash(Buffer.from('a prescription'));
  const octets = cadesSignedOctets({ documentSha256, certificateSha256, signingTime });
  const value = fixedLength(await handIn(clinic, hash(octets)));
  await client.call('credentials/authorize', wish(clinic, [documentSha256], { signature_format: 'C' }));
  // Somebody who has the phone's token, and not its key.
  const request = (await phone.fetch())!;
  const screen = phone.read(request);
  const shown = await phone.display(request, screen);
  t.equal(shown.body.signingTime, signingTime.toISOString(), 'the time was foreseen');
  await phone.confirm(request, screen.verificationCode);
  const answer = await phone.submit(request, [value.toString('base64')]);
  t.match(answer, { status: 409, body: { code: 'signature-replayed' } });
}

async function noRenewal(t: Test, clinic: Clinic): Promise<void> {
  const { service, doctor, client, phone } = clinic;
  const { certificate } = doctor;
  service.clock.set(new Date(certificate.notAfter.getTime() - 30 * 24 * 3600 * 1000));
  await client.authenticate();
  await phone.signInWithDigests();
  const stolen = memorySigner();
  const pkcs10 = await makeCertificationRequest(stolen, [{ type: AT.commonName, value: 'thief' }]);
  const serialNumber = certificate.serialNumber.toString('hex');
  const content = Buffer.from(
    canonicalJson({
      type: 'mohr-renewal-request',
      certificate: { authority: 'bronze', serialNumber },
      certificationRequest: pkcs10.toString('base64'),
    }),
  );
  const renew = (signature: Buffer) =>
    service.app.inject({
      method: 'POST',
      url: '/api/v1/renewals',
      payload: { signature: signature.toString('base64') },
    });
  const documentSha256 = hash(content);
  const replaces = { authorityId: 'bronze', serialNumber: certificate.serialNumber };
  const replaced = { bytes: certificate.bytes, notAfter: certificate.notAfter, lastEvent: 'issued' } as const;
  let handedIn: Buffer | undefined;
  for (const name of ['sha256', 'sha384', 'sha512'] as const) {
    const facts = {
      certificateSha256: certificateFingerprint(certificate),
      signingTime: service.clock.now(),
    };
    const messageDigest = name === 'sha256' ? documentSha256 : digest(name, content);
    const signedAttributes = cadesAttributes({ ...facts, documentSha256: messageDigest });
    const signedOctets = cadesSignedOctets({ ...facts, documentSha256: messageDigest });
    // ECDSA signs the leftmost octets of a longer digest.
    const readyDigest = digest(name, signedOctets).subarray(0, 32);
    const signature = encodeSignedData({
      content,
      certificates: [certificate.bytes],
      signerInfos: [
        {
          certificate,
          digestAlgorithm: digestIdentifier(name),
          signedAttributes,
          signatureAlgorithm: signatureAlgorithmIdentifier(`ecdsa-${name}` satisfies SignatureAlgorithmName),
          signature: await handIn(clinic, readyDigest),
        },
      ],
    });
    handedIn ??= signature;
    t.equal(readSingleSigner(signature).faultWith(certificate), undefined, `${name}: the signature is right`);
    const answer = await renew(signature);
    t.match(answer.json(), { code: 'renewal-signature-wrong', detail: /handed in/ }, name);
    const { readyDigests, database } = service.house.stores;
    const authorization = { kind: 'holder-signature', renewalId: 'x', document: content, signature } as const;
    const atTheCa = database.transaction((tx) =>
      assertNotHandedIn(tx, readyDigests, replaces, replaced, authorization),
    );
    await t.rejects(atTheCa, { code: 'approval-signature' }, `${name}: the CA looks by itself`);
  }
  const { readyDigests, database } = service.house.stores;
  const session = { kind: 'holder-session', renewalId: 'x', document: content } as const;
  await t.rejects(
    database.transaction((tx) => assertNotHandedIn(tx, readyDigests, replaces, replaced, session)),
    { code: 'approval-signature' },
    'and believes no handshake of such a key',
  );
  const { signer } = doctor;
  service.clock.advanceSeconds(1);
  const own = await signCades({ content, signer, certificate, signingTime: service.clock.now() });
  const url = `/api/v1/applications/${doctor.applicationId}/contact`;
  const cookie = await service.cookieOf('clerk');
  await service.app.inject({ method: 'PUT', url, headers: { cookie }, payload: { mobile: '09990000001' } });
  const renewed = await renew(own);
  t.equal(renewed.statusCode, 201, `the holder renews: ${renewed.body}`);
  await foundByFsck(t, service, { renewed: renewed.json(), stolen, document: content, signature: handedIn! });
}

interface Renewed {
  renewed: { id: string; certificate: string };
  /** Of the key that was certified. */
  stolen: ReturnType<typeof memorySigner>;
  document: Buffer;
  /** Over the document, by way of a digest that was handed in. */
  signature: Buffer;
}

/** What the CA would refuse, written past it into the records. */
async function foundByFsck(
  t: Test,
  service: TestService,
  { renewed, stolen, document, signature }: Renewed,
): Promise<void> {
  const { database } = service.house.stores;
  const findings = async () => {
    const found: string[] = [];
    for await (const { code } of checkRenewals(new PgRecords(database))) found.push(code);
    return found;
  };
  const certificate = parseCertificate(decodePem(renewed.certificate, ['CERTIFICATE'])[0].bytes);
  const accepted = await signCades({
    content: Buffer.from(canonicalJson(renewalAcceptance(renewed.id, certificate))),
    signer: stolen,
    certificate,
    signingTime: service.clock.now(),
  });
  const acceptance = await service.app.inject({
    method: 'POST',
    url: `/api/v1/renewals/${renewed.id}/acceptance`,
    payload: { signature: accepted.toString('base64') },
  });
  t.equal(acceptance.statusCode, 204, acceptance.body);
  t.strictSame(await findings(), []);
  const hex = (octets: Buffer) => `'\\x${octets.toString('hex')}'::bytea`;
  const [readyDigest] = readSingleSigner(accepted).readyDigests(certificate);
  const key = `'bronze', ${hex(certificate.serialNumber)}`;
  await tamper(
    database,
    `create table kept_renewal as select * from renewal;
    update renewal set document = ${hex(document)}, signature = ${hex(signature)} where id = '${renewed.id}'`,
  );
  t.strictSame(await findings(), ['renewal-handed-in'], 'a signature that a relying party has got');
  await tamper(database, `update renewal set signature = null, method = 'tls' where id = '${renewed.id}'`);
  t.strictSame(await findings(), ['renewal-handed-in'], 'a handshake of such a key');
  await tamper(
    database,
    `delete from renewal; insert into renewal select * from kept_renewal;
    insert into digest_signer (authority_id, serial_number, proved_at) values (${key}, now());
    insert into handed_in_digest (authority_id, serial_number, digest, session_id)
      select ${key}, ${hex(readyDigest)}, id from signature_session limit 1`,
  );
  t.strictSame(await findings(), ['renewal-handed-in'], 'the acceptance too');
}

t.test('a signature over a ready digest, by each kind of key', async (t) => {
  const readyDigest = hash(LETTER);
  const keys = {
    'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
    'RSA-2048': generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  };
  for (const [name, privateKey] of Object.entries(keys)) {
    const signer = memorySigner(privateKey, name === 'RSA-2048' ? 'rsa-sha256' : 'ecdsa-sha256');
    const certificate = await fixtureCertificate(authorityTemplate(name, signer), { signer });
    const value = signReadyDigest(privateKey, readyDigest);
    t.ok(isDigestSignedByDevice(certificate, readyDigest, value), name);
    const dsaEncoding = 'ieee-p1363';
    const hashed = sign('sha256', LETTER, { key: privateKey, dsaEncoding });
    t.ok(isDigestSignedByDevice(certificate, readyDigest, hashed), `${name}: as one that was hashed here`);
    t.notOk(isDigestSignedByDevice(certificate, hash(readyDigest), value), `${name}: another digest`);
    t.notOk(isDigestSignedByDevice(certificate, readyDigest.subarray(1), value), `${name}: none at all`);
    for (const malformed of [Buffer.alloc(0), value.subarray(1), Buffer.concat([value, value])])
      t.notOk(isDigestSignedByDevice(certificate, readyDigest, malformed), `${name}: ${malformed.length}`);
  }
  const rsa = keys['RSA-2048'];
  const signer = memorySigner(rsa, 'rsa-sha256');
  const certificate = await fixtureCertificate(authorityTemplate('RSA', signer), { signer });
  const bare = privateEncrypt({ key: rsa, padding: constants.RSA_PKCS1_PADDING }, readyDigest);
  t.notOk(isDigestSignedByDevice(certificate, readyDigest, bare), 'RSA without the name of the digest');
});

t.test('digests that come to the same for a key', async (t) => {
  const keyOf = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey;
  const [p256, p384] = [keyOf('P-256'), keyOf('P-384')];
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  const hex = (name: DigestName) => digest(name, LETTER).toString('hex');
  const ready = (value: string, key = p256) => asReadyDigest(Buffer.from(value, 'hex'), key)?.toString('hex');
  const own = hex('sha256');
  t.equal(ready(own), own);
  t.equal(ready(own, p384), own);
  t.equal(ready(own, rsa), own);
  t.equal(ready(hex('sha512')), hex('sha512').slice(0, 64), 'half of a longer one');
  t.equal(ready(hex('sha384'), p384), undefined, 'a longer number than any SHA-256 value');
  t.equal(ready(hex('sha512'), rsa), undefined, 'RSA names the digest');
  t.equal(ready('ff'.repeat(28)), `00000000${'ff'.repeat(28)}`, 'a shorter one');
  t.equal(ready(`${'00'.repeat(16)}${own}`, p384), own, 'leading zeros');
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const twin = (order + 7n).toString(16);
  t.equal(ready(twin), ready('07'.padStart(64, '0')), 'a twin modulo the order');
});

/** Two numbers of P-256, as phones send them, of what X.509 has. */
function fixedLength(der: Buffer): Buffer {
  const first = der.subarray(4, 4 + der[3]);
  const second = der.subarray(6 + der[3]);
  const value = Buffer.concat(
    [first, second].map((one) => Buffer.concat([Buffer.alloc(32), one]).subarray(-32)),
  );
  if (!der.equals(ecdsaSignatureValue(value))) throw new Error('not a signature of P-256');
  return value;
}

function refused(t: Test, answer: CscAnswer, description: string, message = description): void {
  t.match(
    answer,
    { status: 400, body: { error: 'invalid_request', error_description: description } },
    message,
  );
}
