import t from 'tap';
import type { Test } from 'tap';

import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { decodePem } from '../../pki/pem.ts';
import { checkRenewals } from '../../cli/fsck/check-renewals.ts';
import { DomainError } from '../../core/errors.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { renewCertificate } from '../../ra/renewal/renew-certificate.ts';
import type { LookUp } from '../../ra/registers/register.ts';
import { agreeableRegisters } from '../support/agreeable-registers.ts';
import { tamper } from '../support/tamper.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import { renewalAcceptance, renewalRequest, signedByHolder } from '../support/holder-signatures.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { memorySigner } from '../support/memory-signer.ts';
import type { MemorySigner } from '../support/memory-signer.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const DAY = 24 * 3600;

t.test('renewal by the holder', async (t) => {
  await onBothDatabases(
    t,
    async (t, { opened, dataDirectory }) => {
      const agreeable = agreeableRegisters();
      let shahkar: LookUp<'shahkar'> | undefined;
      const registers = {
        ...agreeable,
        registers: {
          ...agreeable.registers,
          shahkar: {
            lookUp: async (...asked: Parameters<typeof agreeable.registers.shahkar.lookUp>) =>
              shahkar ?? agreeable.registers.shahkar.lookUp(...asked),
          },
        },
      };
      const service = await openTestService({ opened, dataDirectory, registers });
      const desk = new Desk(service, (answer) => (shahkar = answer));
      try {
        await t.test('in the last ninety days, beside the old one until it is accepted', (t) =>
          renewed(t, desk),
        );
        await t.test('what the holder has not signed so is refused', (t) => refusals(t, desk));
        await t.test('registers, licence and the six years are asked', (t) => conditions(t, desk));
        await t.test('what is refused after it was kept is on record as refused', (t) =>
          refusedLate(t, desk),
        );
        await t.test('what holders have signed is verified again', (t) => verifiedAgain(t, desk));
      } finally {
        await service.close();
      }
    },
    'first-start',
  );
});

let addresses = 0;

class Desk {
  readonly service: TestService;
  readonly shahkarSays: (answer: LookUp<'shahkar'> | undefined) => void;

  constructor(service: TestService, shahkarSays: Desk['shahkarSays']) {
    this.service = service;
    this.shahkarSays = shahkarSays;
  }

  async ask(method: 'POST' | 'PUT' | 'GET', url: string, payload?: object, role?: 'clerk' | 'ca-operator') {
    addresses += 1;
    const answer = await this.service.app.inject({
      method,
      url,
      headers: { cookie: role ? await this.service.cookieOf(role) : '' },
      payload,
      remoteAddress: `10.3.${addresses >> 8}.${addresses & 0xff}`,
    });
    const body = answer.body === '' ? {} : answer.json<Record<string, string>>();
    return { status: answer.statusCode, body };
  }

  async doctor(): Promise<IssuedDoctor> {
    const doctor = await issueDoctor(this.service);
    const url = `/api/v1/applications/${doctor.applicationId}/contact`;
    await this.ask('PUT', url, { mobile: '09990000001' }, 'clerk');
    return doctor;
  }

  /** Signs with the doctor's key, unless told otherwise. */
  sign(document: object, who: Pick<IssuedDoctor, 'certificate' | 'signer'>) {
    return signedByHolder(document, who, this.service.clock.now());
  }

  request(doctor: IssuedDoctor, key: MemorySigner = memorySigner()) {
    return renewalRequest(doctor, key);
  }

  async renew(doctor: IssuedDoctor, key?: MemorySigner) {
    return this.ask('POST', '/api/v1/renewals', await this.sign(await this.request(doctor, key), doctor));
  }

  daysBefore({ notAfter }: Certificate, days: number): void {
    this.service.clock.set(new Date(notAfter.getTime() - days * DAY * 1000));
  }

  async eventsOf({ serialNumber }: Certificate): Promise<string[]> {
    const history = await this.service.house.stores.directory.historyOf('bronze', serialNumber);
    return history.map(({ event, reason }) => (reason ? `${event} ${reason}` : event));
  }
}

async function renewed(t: Test, desk: Desk): Promise<void> {
  const doctor = await desk.doctor();
  desk.daysBefore(doctor.certificate, 90.01);
  t.match(await desk.renew(doctor), { status: 409, body: { code: 'renewal-too-early' } });
  desk.daysBefore(doctor.certificate, 89);
  const key = memorySigner();
  const body = await desk.sign(await desk.request(doctor, key), doctor);
  const first = await desk.ask('POST', '/api/v1/renewals', body);
  t.equal(first.status, 201, JSON.stringify(first.body));
  const certificate = parseCertificate(decodePem(first.body.certificate, ['CERTIFICATE'])[0].bytes);
  t.ok(certificate.subjectPublicKeyInfo.equals(key.subjectPublicKeyInfo));
  t.ok(certificate.subject.bytes.equals(doctor.certificate.subject.bytes), 'the same person');
  t.match(
    (await desk.ask('POST', '/api/v1/renewals', body)).body,
    { serialNumber: first.body.serialNumber },
    'sent twice, it is one',
  );
  t.strictSame(await desk.eventsOf(doctor.certificate), ['issued'], 'the old one stands');
  t.match(
    await desk.ask('POST', '/api/v1/renewals', await desk.sign(await desk.request(doctor), doctor)),
    { status: 409, body: { code: 'holder-has-certificate' } },
    'one successor',
  );

  const accept = `/api/v1/renewals/${first.body.id}/acceptance`;
  const acceptance = renewalAcceptance(first.body.id, certificate);
  t.match(await desk.ask('POST', accept, await desk.sign(acceptance, doctor)), {
    status: 403,
    body: { code: 'renewal-signature-wrong' },
  });
  const signed = await desk.sign(acceptance, { certificate, signer: key });
  t.equal((await desk.ask('POST', accept, signed)).status, 204);
  t.equal((await desk.ask('POST', accept, signed)).status, 204, 'twice is once');
  t.strictSame(await desk.eventsOf(doctor.certificate), ['issued', 'revoked superseded']);
  t.strictSame(await desk.eventsOf(certificate), ['issued']);

  const { nationalId } = doctor.body.applicant;
  const file = (await desk.ask('GET', `/api/v1/holders/${nationalId}`, undefined, 'clerk'))
    .body as unknown as {
    certificates: { serialNumber: string }[];
    holder: { lastInPersonAt: string };
  };
  t.equal(file.certificates.length, 2, 'both are in the file');
  t.ok(new Date(file.holder.lastInPersonAt) < doctor.certificate.notAfter, 'nobody has seen them again');
  t.match(
    (await desk.ask('GET', `/api/v1/certificates/bronze/${first.body.serialNumber}`, undefined, 'clerk'))
      .body,
    { applicationId: doctor.applicationId },
  );
  t.match(
    await desk.ask('POST', `/api/v1/certificates/bronze/${first.body.serialNumber}/hold`, undefined, 'clerk'),
    { status: 200 },
    'and it is held as any other',
  );
}

async function refusals(t: Test, desk: Desk): Promise<void> {
  const [doctor, other] = [await desk.doctor(), await desk.doctor()];
  desk.daysBefore(doctor.certificate, 60);
  const request = await desk.request(doctor);
  const send = async (document: object, who: Pick<IssuedDoctor, 'certificate' | 'signer'> = doctor) => {
    const { status, body } = await desk.ask('POST', '/api/v1/renewals', await desk.sign(document, who));
    return [status, body.code];
  };
  t.strictSame(await send(request, other), [403, 'renewal-signature-wrong'], 'another holder');
  t.strictSame(
    await send({ ...request, more: 1 }),
    [400, 'renewal-document-malformed'],
    'more than is known',
  );
  t.strictSame(await send({ ...request, type: 'prescription' }), [400, 'renewal-document-malformed']);
  const foreign = { ...doctor, signer: other.signer, certificate: other.certificate };
  t.strictSame(await send(await desk.request(doctor, doctor.signer), foreign), [
    403,
    'renewal-signature-wrong',
  ]);
  t.strictSame(
    (await desk.ask('POST', '/api/v1/renewals', { signature: 'AAAA' })).body.code,
    'renewal-signature-malformed',
  );
  const { signature } = await desk.sign(request, doctor);
  const broken = Buffer.from(signature, 'base64');
  broken[broken.length - 3] ^= 1;
  t.equal(
    (await desk.ask('POST', '/api/v1/renewals', { signature: broken.toString('base64') })).body.code,
    'renewal-signature-wrong',
  );
  t.strictSame(
    await send(await desk.request(doctor, doctor.signer)),
    [409, 'key-in-use'],
    'the old key again',
  );
  await desk.ask('POST', `${doctor.path}/hold`, undefined, 'clerk');
  t.strictSame(await send(request), [403, 'renewal-signature-wrong'], 'a card that is lost renews nothing');
  const [{ count }] = await desk.service.house.stores.database.query<{ count: number }>({
    text: `select count(*)::int as count from renewal where replaces_serial_number = $1`,
    values: [doctor.certificate.serialNumber],
  });
  t.equal(count, 0);
}

async function conditions(t: Test, desk: Desk): Promise<void> {
  const doctor = await desk.doctor();
  const { database } = desk.service.house.stores;
  desk.daysBefore(doctor.certificate, 30);
  const body = await desk.sign(await desk.request(doctor), doctor);
  const code = async () => (await desk.ask('POST', '/api/v1/renewals', body)).body.code;
  desk.shahkarSays({ kind: 'found', entry: { isOwner: false }, raw: Buffer.from('{}') });
  t.equal(await code(), 'register-no-match', 'the number is somebody else’s by now');
  desk.shahkarSays({ kind: 'unavailable', fault: 'timeout' });
  t.equal(await code(), 'register-unavailable', 'never a match');
  desk.shahkarSays(undefined);

  const { nationalId, councilNumber } = doctor.body.applicant;
  const standing = (text: string) =>
    database.query({
      text: `insert into licence_holder (council_group, council_digits, national_id, standing, last_sequence,
          last_message_id, changed_at) values ($1, $2, $3, $4, 1, 'm', now())
        on conflict (council_group, council_digits) do update set standing = $4`,
      values: [councilNumber.group, councilNumber.digits, nationalId, text],
    });
  await standing('ended');
  t.equal(await code(), 'licence-not-active');
  await standing('active');

  const seen = (years: number, seconds: number) =>
    database.query({
      text: `update holder set last_in_person_at = $2::timestamptz - $3 * interval '1 year' + $4 * interval '1 second',
          first_in_person_at = coalesce(first_in_person_at, $2) where national_id = $1`,
      values: [nationalId, desk.service.clock.now(), years, seconds],
    });
  await seen(6, 0);
  t.equal(await code(), 'in-person-needed', 'six years ago to the second');
  await seen(6, 1);
  t.equal((await desk.ask('POST', '/api/v1/renewals', body)).status, 201, 'a second less');
}

async function renewalFindings({ service }: Desk): Promise<string[]> {
  const found: string[] = [];
  for await (const { code } of checkRenewals(new PgRecords(service.house.stores.database))) found.push(code);
  return found;
}

async function refusedLate(t: Test, desk: Desk): Promise<void> {
  const doctor = await desk.doctor();
  desk.daysBefore(doctor.certificate, 80);
  const signature = Buffer.from((await desk.sign(await desk.request(doctor), doctor)).signature, 'base64');
  const { renewal } = desk.service.house.services;
  const failing = (error: Error) => ({
    ...renewal,
    renewalIssuer: { ...renewal.renewalIssuer, issueRenewal: () => Promise.reject(error) },
  });
  const { database } = desk.service.house.stores;
  const refusals = () => database.query<{ code: string }>({ text: 'select code from renewal_refusal' });
  await t.rejects(renewCertificate(failing(new DomainError('key-unavailable', 'away')), signature), {
    code: 'key-unavailable',
  });
  t.strictSame(await refusals(), [], 'what passes is no refusal');
  t.strictSame(await renewalFindings(desk), ['renewal-open']);
  const refused = new DomainError('authority-revoked', 'no more');
  await t.rejects(renewCertificate(failing(refused), signature), { code: 'authority-revoked' });
  await t.rejects(renewCertificate(failing(refused), signature), { code: 'authority-revoked' });
  t.strictSame(await refusals(), [{ code: 'authority-revoked' }], 'the first one stands');
  t.strictSame(await renewalFindings(desk), []);
  const { certificate } = await renewCertificate(renewal, signature);
  t.ok(certificate, 'sent again, when nothing is in the way any more');
}

async function verifiedAgain(t: Test, desk: Desk): Promise<void> {
  const doctor = await desk.doctor();
  desk.daysBefore(doctor.certificate, 80);
  const key = memorySigner();
  const { body } = await desk.renew(doctor, key);
  const certificate = parseCertificate(decodePem(body.certificate, ['CERTIFICATE'])[0].bytes);
  const acceptance = {
    type: 'mohr-renewal-acceptance',
    renewal: body.id,
    certificateSha256: digest('sha256', certificate.bytes).toString('hex'),
  };
  const accepted = await desk.sign(acceptance, { certificate, signer: key });
  t.match(await desk.ask('POST', `/api/v1/renewals/${body.id}/acceptance`, accepted), { status: 204 });
  const { database } = desk.service.house.stores;
  t.strictSame(await renewalFindings(desk), []);
  const tables = ['renewal', 'renewal_acceptance', 'certificate', 'status_change'];
  await tamper(
    database,
    tables.map((table) => `create table kept_${table} as select * from ${table}`).join('; '),
  );
  const restore = tables
    .map(
      (table) =>
        `delete from ${table}; insert into ${table} overriding system value select * from kept_${table}`,
    )
    .join('; ');
  const one = `id = '${body.id}'`;
  const flipped =
    'set_byte(signature, octet_length(signature) - 1, get_byte(signature, octet_length(signature) - 1) # 1)';
  const another = `(select id from renewal where id <> '${body.id}' limit 1)`;
  const corruptions: [name: string, statement: string, codes: string[]][] = [
    ['a flipped bit', `update renewal set signature = ${flipped} where ${one}`, ['renewal-signature']],
    [
      'another document',
      `update renewal set document = document || ' ' where ${one}`,
      ['renewal-signature', 'renewal-differs'],
    ],
    [
      "another holder's signature and document",
      `update renewal r set document = o.document, signature = o.signature
      from renewal o where r.${one} and o.id = ${another}`,
      ['renewal-signature', 'renewal-differs'],
    ],
    ['another key', `update renewal set spki_sha256 = sha256('x') where ${one}`, ['renewal-differs']],
    [
      'before the certificate that signed',
      `update renewal set requested_at = requested_at - interval '5 years'
      where ${one}`,
      ['renewal-signature'],
    ],
    [
      'a certificate that is gone',
      `delete from certificate where origin = 'renewal:${body.id}'`,
      ['renewal-signature'],
    ],
    [
      'an acceptance with a flipped bit',
      `update renewal_acceptance set signature = ${flipped}`,
      ['renewal-signature'],
    ],
  ];
  for (const [name, statement, codes] of corruptions) {
    await tamper(database, statement);
    t.same(new Set(await renewalFindings(desk)), new Set(codes), name);
    await tamper(database, restore);
  }
  t.strictSame(await renewalFindings(desk), []);
}
