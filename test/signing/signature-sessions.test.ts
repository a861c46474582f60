import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { compactVerify, decodeProtectedHeader, importX509 } from 'jose';
import t from 'tap';
import type { Test } from 'tap';

import { checkSignatureEvidence } from '../../cli/fsck/check-signature-evidence.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { pruneSignatureEvidence } from '../../signing/sessions/prune-evidence.ts';
import type { SessionId } from '../../signing/sessions/session.ts';
import { encodePem } from '../../pki/pem.ts';
import { onPostgres } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import {
  fhirDocument,
  fhirXmlDocument,
  socialSecurityDocument,
  writtenBy,
} from '../support/prescriptions.ts';
import { pdfOf } from '../support/pdf-samples.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { SoftwarePhone, hash } from '../support/software-phone.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onBothServices, onOneService, openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

t.test('signature sessions', async (t) => {
  await onBothServices(t, async (t, service) => {
    const system = await PrescriptionSystem.register(service, { id: 'his-1' });
    const doctor = await issueDoctor(service);
    const phone = new SoftwarePhone(service.app, doctor);
    t.equal((await phone.signIn()).status, 201);
    const clinic = { service, system, doctor, phone };
    await t.test('a prescription is shown, confirmed and signed as CAdES', (t) => cades(t, clinic));
    await t.test('several are listed and approved together', (t) => several(t, clinic));
    await t.test('a social-security prescription is signed as JAdES in its canonical form', (t) =>
      jades(t, clinic),
    );
    await t.test('a hash is signed with the words that stand for it', (t) => hashOnly(t, clinic));
    await t.test('a PDF is signed within itself', (t) => pades(t, clinic));
    await t.test('who waits is woken by the end', (t) => longPoll(t, clinic));
    await t.test('evidence and events stay, and prescriptions do not', (t) => evidence(t, clinic));
  });
});

t.test('levels above B-B', async (t) => {
  await onOneService(t, async (t, service) => {
    const system = await PrescriptionSystem.register(service);
    const doctor = await issueDoctor(service);
    const phone = new SoftwarePhone(service.app, doctor);
    await phone.signIn();
    const clinic = { service, system, doctor, phone };
    const { councilNumber } = doctor.body.applicant;
    for (const level of ['B-T', 'B-LT'])
      await t.test(`${level}, once the phone has signed`, async (t) => {
        const document = fhirDocument(writtenBy(councilNumber, service.clock.now()));
        const asked = await system.ask({ holder: { councilNumber }, level, documents: [document] });
        t.match(asked, { status: 201, body: { level } });
        service.clock.advanceSeconds(1);
        t.match(await phone.approve((await phone.fetch())!), { status: 200, body: { state: 'SIGNED' } });
        const [signature] = (await system.read(asked.body.id)).body.signatures!;
        const content = opensslVerify(t, clinic, Buffer.from(signature, 'base64'));
        t.strictSame(content, Buffer.from(document.content, 'base64'));
        const answer = await service.app.inject({
          method: 'POST',
          url: '/api/v1/validations',
          payload: { signature },
        });
        t.match(answer.json(), { indication: 'TOTAL-PASSED', signatures: [{ level: { reached: level } }] });
      });
    const onlyHash = [{ title: 'گزارش', sha256: '00'.repeat(32), displayText: 'گزارش' }];
    t.match(await system.ask({ holder: { councilNumber }, level: 'B-T', documents: onlyHash }), {
      status: 422,
      body: { code: 'level-not-offered' },
    });
    for (const level of ['B-T', 'B-LT'])
      for (const [format, document] of [
        ['jades', fhirDocument(writtenBy(councilNumber, service.clock.now()))],
        ['pades', letter()],
      ] as const)
        await t.test(`${format} at ${level}`, async (t) => {
          const asked = await system.ask({
            holder: { councilNumber },
            format,
            level,
            documents: [document],
          });
          t.equal(asked.status, 201, JSON.stringify(asked.body));
          service.clock.advanceSeconds(1);
          t.match(await phone.approve((await phone.fetch())!), { status: 200, body: { state: 'SIGNED' } });
          const [text] = (await system.read(asked.body.id)).body.signatures!;
          // A JWS is text; above B-B it has its unsigned header beside it.
          const signature = format === 'jades' ? Buffer.from(text).toString('base64') : text;
          const answer = await service.app.inject({
            method: 'POST',
            url: '/api/v1/validations',
            payload: { signature },
          });
          t.match(answer.json(), { indication: 'TOTAL-PASSED', signatures: [{ level: { reached: level } }] });
          if (format === 'pades') pdfsigVerifies(t, Buffer.from(signature, 'base64'));
        });
  });
});

t.test('a level that cannot be reached is not claimed', async (t) => {
  await onPostgres(
    t,
    async (t, { opened, dataDirectory }) => {
      // Nobody listens there.
      const service = await openTestService({ opened, dataDirectory, tsaUrl: 'http://127.0.0.1:9/tsa' });
      try {
        const system = await PrescriptionSystem.register(service);
        const doctor = await issueDoctor(service);
        const phone = new SoftwarePhone(service.app, doctor);
        await phone.signIn();
        const { councilNumber } = doctor.body.applicant;
        const request = { holder: { councilNumber }, level: 'B-T', documents: [fhirDocument()] };
        const { id } = (await system.ask(request)).body;
        const answer = await phone.approve((await phone.fetch())!);
        t.match(answer, { status: 503, body: { code: 'time-stamp-missing' } });
        t.match((await system.read(id)).body, { state: 'DISPLAYED' }, 'the phone may send it again');
        service.clock.advanceSeconds(180);
        t.match((await system.read(id)).body, { state: 'TIMEOUT', signatures: undefined });
      } finally {
        await service.close();
      }
    },
    'first-start',
  );
});

/** What `ca/profiles/signing-phone.yaml` takes besides P-256. */
const KEYS: readonly [name: string, algorithm: SignatureAlgorithmName, jws: string, make: () => KeyObject][] =
  [
    ['P-384', 'ecdsa-sha384', 'ES384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['RSA-2048', 'rsa-sha256', 'RS256', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['RSA-3072', 'rsa-sha256', 'RS256', () => generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey],
  ];

t.test('phones with other keys', async (t) => {
  await onOneService(t, async (t, service) => {
    const system = await PrescriptionSystem.register(service);
    for (const [name, algorithm, jws, make] of KEYS)
      await t.test(name, async (t) => {
        const doctor = await issueDoctor(service, {}, memorySigner(make(), algorithm));
        const phone = new SoftwarePhone(service.app, doctor);
        t.equal((await phone.signIn()).status, 201);
        const clinic = { service, system, doctor, phone };
        const { councilNumber } = doctor.body.applicant;
        const document = fhirDocument(writtenBy(councilNumber, service.clock.now()));
        const content = Buffer.from(document.content, 'base64');
        const signed = async (format: 'cades' | 'jades') => {
          const { id } = (await system.ask({ holder: { councilNumber }, format, documents: [document] }))
            .body;
          t.match(await phone.approve((await phone.fetch())!), { status: 200, body: { state: 'SIGNED' } });
          return (await system.read(id)).body.signatures![0];
        };
        const signature = Buffer.from(await signed('cades'), 'base64');
        t.strictSame(opensslVerify(t, clinic, signature), content);
        await validates(t, clinic, signature);
        const key = await importX509(encodePem('CERTIFICATE', doctor.certificate.bytes), jws);
        const { payload, protectedHeader } = await compactVerify(await signed('jades'), key);
        t.strictSame(Buffer.from(payload), content);
        t.equal(protectedHeader.alg, jws);
      });
  });
});

t.test('a relying party that asks too often waits, and others do not', async (t) => {
  await onPostgres(
    t,
    async (t, { opened, dataDirectory }) => {
      const service = await openTestService({ opened, dataDirectory, sessionsPerMinute: 2 });
      try {
        const eager = await PrescriptionSystem.register(service, { id: 'his-eager' });
        const other = await PrescriptionSystem.register(service, { id: 'his-other' });
        const request = { holder: { certificateSha256: '00'.repeat(32) }, documents: [fhirDocument()] };
        for (let asked = 0; asked < 2; asked += 1) t.equal((await eager.ask(request)).status, 404);
        const refused = await eager.ask(request);
        t.match(refused, { status: 429, body: { code: 'too-many-requests' } });
        t.match(refused.headers, { 'retry-after': /^[1-9][0-9]?$/ });
        t.equal((await other.ask(request)).status, 404);
        t.equal(
          (await eager.read('0190a000-0000-7000-8000-000000000000')).status,
          404,
          'asking how it stands is free',
        );
      } finally {
        await service.close();
      }
    },
    'first-start',
  );
});

interface Clinic {
  service: TestService;
  system: PrescriptionSystem;
  doctor: Awaited<ReturnType<typeof issueDoctor>>;
  phone: SoftwarePhone;
}

async function cades(t: Test, clinic: Clinic): Promise<void> {
  const { system, phone } = clinic;
  const { councilNumber } = clinic.doctor.body.applicant;
  const document = fhirDocument(writtenBy(councilNumber, clinic.service.clock.now()));
  const asked = await system.ask({ holder: { councilNumber }, documents: [document] });
  t.match(asked, { status: 201, body: { state: 'CREATED', verificationCode: /^[0-9]{4}$/ } });
  const { id, verificationCode } = asked.body;

  const request = (await phone.fetch())!;
  t.match(request, { id, displayedName: 'بیمارستان نمونه', format: 'cades', patientView: 'masked' });
  t.equal((await system.read(id)).body.state, 'DELIVERED');
  const screen = phone.read(request);
  t.equal(screen.verificationCode, verificationCode, 'both screens show one code');
  const shown = await phone.display(request, screen);
  t.equal((await system.read(id)).body.state, 'DISPLAYED');
  t.equal(shown.body.codeChoices.length, 3);
  t.ok(shown.body.codeChoices.includes(verificationCode));
  t.match(await phone.submit(request, phone.values(request, screen, shown.body.signingTime)), {
    status: 409,
    body: { code: 'code-not-confirmed' },
  });
  t.match(await phone.confirm(request, verificationCode), { status: 200, body: { state: 'DISPLAYED' } });
  const values = phone.values(request, screen, shown.body.signingTime);
  t.match(await phone.submit(request, values), { status: 200, body: { state: 'SIGNED' } });

  const answer = await system.read(id);
  t.equal(answer.body.state, 'SIGNED');
  const [signature] = answer.body.signatures!.map((one) => Buffer.from(one, 'base64'));
  const content = Buffer.from(document.content, 'base64');
  t.equal(
    opensslVerify(t, clinic, signature).compare(content),
    0,
    'OpenSSL verifies it, and finds what was sent',
  );
  await validates(t, clinic, signature);
}

async function several(t: Test, clinic: Clinic): Promise<void> {
  const { system, phone, doctor } = clinic;
  const documents = [fhirDocument(), fhirXmlDocument(), socialSecurityDocument()];
  const { nationalId } = doctor.body.applicant;
  const asked = await system.ask({ holder: { nationalId }, documents });
  const request = (await phone.fetch())!;
  t.equal(request.documents.length, 3);
  const screen = phone.read(request);
  t.strictSame(
    screen.documents.map(({ title }) => title),
    documents.map(({ title }) => title),
  );
  t.match(await phone.approve(request), { status: 200, body: { state: 'SIGNED' } });
  const { signatures } = (await system.read(asked.body.id)).body;
  for (const [index, signature] of signatures!.entries()) {
    const content = opensslVerify(t, clinic, Buffer.from(signature, 'base64'));
    t.strictSame(hash(content), screen.hashes[index], `document ${index} in its place`);
  }
}

async function jades(t: Test, { system, phone, doctor, service }: Clinic): Promise<void> {
  const document = socialSecurityDocument();
  const holder = { certificateSha256: hash(doctor.certificate.bytes).toString('hex') };
  const asked = await system.ask({ holder, format: 'jades', documents: [document] });
  t.match(await phone.approve((await phone.fetch())!), { status: 200, body: { state: 'SIGNED' } });
  const [jws] = (await system.read(asked.body.id)).body.signatures!;
  const key = await importX509(encodePem('CERTIFICATE', doctor.certificate.bytes), 'ES256');
  const { payload } = await compactVerify(jws, key);
  const sent = JSON.parse(Buffer.from(document.content, 'base64').toString()) as object;
  t.equal(Buffer.from(payload).toString(), canonicalJson(sent));
  const { x5c, ...header } = decodeProtectedHeader(jws);
  t.strictSame(header, {
    alg: 'ES256',
    cty: 'application/json',
    iat: Math.floor(service.clock.now().getTime() / 1000),
    typ: 'jose',
    'x5t#S256': hash(doctor.certificate.bytes).toString('base64url'),
  });
  t.strictSame(x5c?.[0], doctor.certificate.bytes.toString('base64'));
  t.equal(x5c?.length, 2, 'with its issuer');
}

async function hashOnly(t: Test, clinic: Clinic): Promise<void> {
  const { system, phone, doctor } = clinic;
  const { councilNumber } = doctor.body.applicant;
  const pdf = Buffer.from('%PDF-1.7 of a discharge letter');
  const documents = [
    { title: 'خلاصهٔ پرونده', sha256: hash(pdf).toString('hex'), displayText: 'خلاصهٔ پرونده\n۲ صفحه' },
  ];
  t.match(await system.ask({ holder: { councilNumber }, format: 'jades', documents }), {
    status: 422,
    body: { code: 'document-format' },
  });
  const asked = await system.ask({ holder: { councilNumber }, documents });
  const request = (await phone.fetch())!;
  t.strictSame(
    phone.read(request).documents[0].lines.map(({ text }) => text),
    ['خلاصهٔ پرونده', '۲ صفحه'],
  );
  t.match(await phone.approve(request), { status: 200 });
  const [signature] = (await system.read(asked.body.id)).body.signatures!;
  opensslVerify(t, clinic, Buffer.from(signature, 'base64'), pdf);
}

function letter() {
  return {
    title: 'Discharge letter',
    mediaType: 'application/pdf',
    content: pdfOf().toString('base64'),
    displayText: 'Discharge letter, one page',
  };
}

async function pades(t: Test, clinic: Clinic): Promise<void> {
  const { system, phone, doctor } = clinic;
  const { councilNumber } = doctor.body.applicant;
  const holder = { councilNumber };
  for (const [format, document] of [
    ['pades', fhirDocument()],
    ['pades', { title: 'x', sha256: '00'.repeat(32), displayText: 'x' }],
    ['cades', letter()],
    ['jades', letter()],
  ] as const)
    t.match(await system.ask({ holder, format, documents: [document] }), {
      status: 422,
      body: { code: 'document-format' },
    });
  const broken = { ...letter(), content: Buffer.from('%PDF-1.7 and no more').toString('base64') };
  t.match(await system.ask({ holder, format: 'pades', documents: [broken] }), {
    status: 422,
    body: { code: 'pdf-malformed' },
  });
  const { id, verificationCode } = (await system.ask({ holder, format: 'pades', documents: [letter()] }))
    .body;
  const request = (await phone.fetch())!;
  const screen = phone.read(request);
  t.equal(screen.verificationCode, verificationCode, 'the phone makes it of the octets that it was given');
  t.strictSame(screen.documents[0].lines, [{ label: 'text', text: 'Discharge letter, one page' }]);
  const [asked] = request.documents;
  const swapped = { ...asked, signatureEnd: asked.signatureEnd! + 10 };
  t.throws(() => phone.read({ ...request, documents: [swapped] }), { code: 'document-unreadable' });
  t.match(await phone.approve(request), { status: 200, body: { state: 'SIGNED' } });
  const signed = Buffer.from((await system.read(id)).body.signatures![0], 'base64');
  t.ok(signed.subarray(0, pdfOf().length).equals(pdfOf()), 'what was sent stands in it, octet for octet');
  pdfsigVerifies(t, signed);
  await validates(t, clinic, signed);
  const { body } = await system.ask({ holder, format: 'pades', documents: [letter()] });
  const other = (await phone.fetch())!;
  const { signingTime } = (await phone.display(other, phone.read(other))).body;
  await phone.confirm(other, phone.read(other).verificationCode);
  const elsewhere = phone.values(other, { hashes: [hash(pdfOf())] }, signingTime);
  t.match(await phone.submit(other, elsewhere), { body: { code: 'device-signature-wrong' } });
  t.equal((await system.read(body.id)).body.state, 'ERROR', 'the document as it came is not what is signed');
}

/** Poppler's own verdict. */
function pdfsigVerifies(t: Test, signed: Buffer): void {
  const file = join(temporaryFolder(t), 'letter.pdf');
  writeFileSync(file, signed);
  const answer = spawnSync('pdfsig', ['-nocert', file], { encoding: 'utf8' }).stdout;
  t.match(answer, /Signature Validation: Signature is Valid\./);
  t.match(answer, /Signature Type: ETSI\.CAdES\.detached/);
}

async function longPoll(t: Test, { system, phone, doctor }: Clinic): Promise<void> {
  const { councilNumber } = doctor.body.applicant;
  const atPhone = phone.fetch(25);
  const { id } = (await system.ask({ holder: { councilNumber }, documents: [fhirDocument()] })).body;
  const atClinic = system.read(id, 25);
  const request = (await atPhone)!;
  t.equal(request.id, id, 'the phone waited for it');
  t.match(await phone.refuse(request), { status: 200, body: { state: 'USER_REFUSED' } });
  t.equal((await atClinic).body.state, 'USER_REFUSED', 'and the clinic for the answer');
}

async function evidence(t: Test, { service, system, phone, doctor }: Clinic): Promise<void> {
  const { councilNumber } = doctor.body.applicant;
  const { id, verificationCode } = (
    await system.ask({ holder: { councilNumber }, documents: [fhirDocument()] })
  ).body;
  const request = (await phone.fetch())!;
  const screen = phone.read(request);
  await phone.approve(request);
  const { sessions, signatureEvidence, database } = service.house.stores;
  const url = `/api/v1/signature-sessions/${id}/evidence`;
  const headers = { cookie: await service.cookieOf('auditor') };
  const read = await service.app.inject({ url, headers });
  t.match(read.json(), {
    session: id,
    relyingParty: { id: 'his-1', displayedName: 'بیمارستان نمونه' },
    verificationCode,
    displaySha256: screen.displaySha256,
    documents: [{ sha256: screen.hashes[0].toString('hex'), shown: screen.documents[0] }],
  });
  const { vault } = service.house.services.papers;
  const findings = async (on: typeof vault) => {
    const found = [];
    for await (const finding of checkSignatureEvidence(signatureEvidence, on)) found.push(finding);
    return found;
  };
  t.strictSame(await findings(vault), [], 'fsck finds it whole');
  const damaged = { ...vault, unseal: async () => Buffer.from('something else') };
  t.match((await findings(damaged)).at(-1), { code: 'evidence-content', subject: `signature-session:${id}` });
  const events = await database.query<{ action: string; details: object }>({
    text: 'select action, details from audit_event where subject = $1 order by id',
    values: [`signature-session:${id}`],
  });
  t.match(events, [
    { action: 'create-signature-session', details: { relyingParty: 'his-1', documents: 1 } },
    { action: 'end-signature-session', details: { state: 'SIGNED' } },
    { action: 'read-signature-evidence' },
  ]);
  const [{ found }] = await database.query<{ found: number }>({
    text: `select count(*)::int as found from signature_session where sealed like '%Amoxicillin%'::bytea`,
  });
  t.equal(found, 0, 'nothing of a prescription stands in the database as it is');
  service.clock.advanceSeconds(24 * 3600 + 1);
  await sessions.prune(new Date(service.clock.now().getTime() - 24 * 3600 * 1000));
  await system.authenticate();
  const later = await system.read(id);
  t.match(later.body, { state: 'SIGNED' });
  t.equal(later.body.signatures, undefined, 'after a day the signatures are forgotten');
  t.ok(await signatureEvidence.evidenceOf(id as never), 'and the evidence is not');
  await retention(t, service, id);
}

async function retention(t: Test, service: TestService, id: string): Promise<void> {
  const { clock, house } = service;
  const { signatureEvidence, database } = house.stores;
  const pruning = { ...house.stores, transactions: database, clock };
  const drop = {
    text: 'update signature_evidence set sealed = null, key_id = null where session_id = $1',
    values: [id],
  };
  await t.rejects(database.query(drop), { message: /evidence is kept/ }, 'nobody else deletes it');
  const [{ recorded_at: recordedAt }] = await database.query<{ recorded_at: Date }>({
    text: 'select max(recorded_at) as recorded_at from signature_evidence',
  });
  const end = new Date(recordedAt.getTime());
  end.setUTCFullYear(end.getUTCFullYear() + 15);
  const before = (await signatureEvidence.evidenceOf(id as SessionId))!;
  clock.set(new Date(before.recordedAt.getTime() + 14 * 365 * 24 * 3_600_000));
  t.equal(await pruneSignatureEvidence(pruning), 0, 'not before fifteen years are over');
  clock.set(end);
  t.ok((await pruneSignatureEvidence(pruning)) >= 1);
  t.equal(await pruneSignatureEvidence(pruning), 0, 'once');
  const after = (await signatureEvidence.evidenceOf(id as SessionId))!;
  t.strictSame([after.sha256, after.content], [before.sha256, undefined], 'the hash stays');
  const headers = { cookie: await service.cookieOf('auditor') };
  const read = await service.app.inject({ url: `/api/v1/signature-sessions/${id}/evidence`, headers });
  t.match(read, { statusCode: 410 });
  const events = await database.query({
    text: `select from audit_event where subject = $1 and action = 'delete-signature-evidence'`,
    values: [`signature-session:${id}`],
  });
  t.equal(events.length, 1);
  const found = [];
  for await (const finding of checkSignatureEvidence(signatureEvidence, house.services.papers.vault))
    found.push(finding);
  t.strictSame(found, [], 'fsck knows');
}

/** The content, as `openssl cms -verify` finds it. */
function opensslVerify(t: Test, { service }: Clinic, signature: Buffer, detached?: Buffer): Buffer {
  const folder = temporaryFolder(t);
  const root = service.house.services.authorities.find(({ issuerId }) => issuerId === undefined)!;
  writeFileSync(join(folder, 'signature.p7m'), signature);
  writeFileSync(join(folder, 'root.pem'), encodePem('CERTIFICATE', root.certificate));
  if (detached) writeFileSync(join(folder, 'content.bin'), detached);
  const more = detached ? ['-content', 'content.bin', '-binary'] : [];
  const files = ['-in', 'signature.p7m', '-inform', 'DER', '-CAfile', 'root.pem', '-purpose', 'any'];
  return runOpenssl(['cms', '-verify', ...files, '-cades', ...more], { cwd: folder });
}

async function validates(t: Test, { service, doctor }: Clinic, signature: Buffer): Promise<void> {
  const answer = await service.app.inject({
    method: 'POST',
    url: '/api/v1/validations',
    payload: { signature: signature.toString('base64'), receivedAt: service.clock.now().toISOString() },
  });
  t.match(answer.json(), {
    indication: 'TOTAL-PASSED',
    signatures: [{ signer: { councilNumber: doctor.body.applicant.councilNumber.digits } }],
  });
}
