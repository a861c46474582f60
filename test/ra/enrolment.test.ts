import t from 'tap';
import type { Test } from 'tap';

import { canonicalJson } from '../../core/canonical-json.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { checkAttestations } from '../../cli/fsck/check-attestations.ts';
import { checkRecords } from '../../cli/fsck/check-records.ts';
import { openAttestationJudges } from '../../cli/enrolment/attestation-judge.ts';
import { openEvidenceVault } from '../../cli/evidence-vault.ts';
import { PgAttestationRecords } from '../../db/attestation-records.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { certificateFingerprint, parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { CE } from '../../pki/oid.ts';
import { decodePem } from '../../pki/pem.ts';
import { issueApproved } from '../../ra/issue-approved.ts';
import { ActivationDesk, requestOfPhone } from '../support/activation-desk.ts';
import { ageStatusList, writeAttestationFile } from '../support/attestation-folder.ts';
import { androidStatement, appleStatement, manufacturer } from '../support/attestations.ts';
import type { AndroidDevice } from '../support/attestations.ts';
import { onBothDatabases, onPostgres } from '../support/both-databases.ts';
import type { OpenedDatabase } from '../support/both-databases.ts';
import { memorySigner } from '../support/memory-signer.ts';
import type { MemorySigner } from '../support/memory-signer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const HARDWARE_POLICY = '2.999.364.1.2.2';
const PHONE_HARDWARE = asn1.oid(HARDWARE_POLICY);
const TEST = { kind: 'service', id: 'test' } as const;
const maker = await manufacturer({
  notBefore: new Date('1970-01-01T00:00:00Z'),
  notAfter: new Date('2048-01-01T00:00:00Z'),
});

t.test('enrolment by JSON', async (t) => {
  await onBothDatabases(t, (t, opened) => withPhones(t, opened, onEach), 'first-start');
  // What does not depend on the database: each secret costs a slow hash.
  await onPostgres(t, (t, opened) => withPhones(t, opened, onOne), 'first-start');
});

type Part = [name: string, run: (t: Test, phones: Phones) => Promise<void>];

const onEach: Part[] = [
  ['a phone that shows its hardware has it in its certificate', attested],
  ['a challenge is good for its application, once, and soon', challenges],
  ['fsck asks all of it again', fsck],
  ['a renewal shows where the new key is, or its certificate says nothing of it', renewals],
];
const onOne: Part[] = [
  ['an iPhone', apple],
  ['what shows nothing, or something wrong, has a certificate that says so', unattested],
  ['what a phone does not have both secrets for', refusals],
  ['a crash before the CA has signed loses no attestation', crash],
];

async function withPhones(
  t: Test,
  { opened, dataDirectory }: OpenedDatabase,
  parts: readonly Part[],
): Promise<void> {
  const folder = temporaryFolder(t);
  const attestationFile = writeAttestationFile(folder, maker);
  const service = await openTestService({ opened, dataDirectory, attestationFile });
  const phones = new Phones(service, { folder, attestationFile, dataDirectory });
  try {
    for (const [name, run] of parts) await t.test(name, (t) => run(t, phones));
  } finally {
    await service.close();
  }
}

interface Answer {
  status: number;
  body: Record<string, string> & { chain: string[]; status: { kind: string } };
}

let addresses = 0;

class Phones extends ActivationDesk {
  /** Answer to a phone whose hardware vouched for its key. */
  attested: Record<string, unknown> = {};
  readonly paths: { folder: string; attestationFile: string; dataDirectory: string };

  constructor(service: TestService, paths: Phones['paths']) {
    super(service);
    this.paths = paths;
  }

  /** An application whose holder has both secrets. */
  async ready() {
    const { id } = await this.filePhone();
    const code = await this.approveAndRead(id);
    return { applicationId: id, code, deskSecret: await this.deskSecret(id) };
  }

  /** As anybody, each time from another address. */
  async call(method: 'POST' | 'GET', path: string, payload?: object): Promise<Answer> {
    addresses += 1;
    const answer = await this.service.app.inject({
      method,
      url: `/api/v1/enrolments${path}`,
      payload,
      remoteAddress: `10.7.${addresses >> 8}.${addresses & 0xff}`,
    });
    return { status: answer.statusCode, body: answer.json() };
  }

  async challenge(applicationId: string): Promise<string> {
    const { status, body } = await this.call('POST', '/challenges', { applicationId });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body['challenge'];
  }

  /** What an Android phone sends for its key. */
  async android(applicationId: string, key: MemorySigner, device: Partial<AndroidDevice> = {}) {
    return this.attestationFor(await this.challenge(applicationId), key, device);
  }

  async renewalChallenge({ body }: { body: Record<string, unknown> }): Promise<string> {
    const asked = { authority: 'bronze', serialNumber: body['serialNumber'] };
    const answer = await this.sendAnywhere('/renewals/challenges', asked);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return answer.body['challenge'];
  }

  /** What the key of a certificate signs to be followed by another. */
  async signedRenewal({ body, key }: { body: Answer['body']; key: MemorySigner }, next: MemorySigner) {
    const certificate = certificateIn(body);
    const pkcs10 = decodePem(await requestOfPhone(next), ['CERTIFICATE REQUEST'])[0].bytes;
    const content = Buffer.from(
      canonicalJson({
        type: 'mohr-renewal-request',
        certificate: { authority: 'bronze', serialNumber: certificate.serialNumber.toString('hex') },
        certificationRequest: pkcs10.toString('base64'),
      }),
    );
    const signingTime = this.service.clock.now();
    return signCades({ content, signer: key, certificate, signingTime });
  }

  sendRenewal(signature: Buffer, attestation?: object): Promise<Answer> {
    return this.sendAnywhere('/renewals', {
      signature: signature.toString('base64'),
      ...(attestation && { attestation }),
    });
  }

  async renewKey(
    phone: { body: Answer['body']; key: MemorySigner },
    next: MemorySigner,
    attestation?: object,
  ) {
    return this.sendRenewal(await this.signedRenewal(phone, next), attestation);
  }

  async sendAnywhere(path: string, payload: object): Promise<Answer> {
    addresses += 1;
    const answer = await this.service.app.inject({
      method: 'POST',
      url: `/api/v1${path}`,
      payload,
      remoteAddress: `10.7.${addresses >> 8}.${addresses & 0xff}`,
    });
    return { status: answer.statusCode, body: answer.json() };
  }

  /** The statement of an Android phone for a challenge. */
  async attestationFor(challenge: string, key: MemorySigner, device: Partial<AndroidDevice> = {}) {
    const asked = {
      subjectPublicKeyInfo: key.subjectPublicKeyInfo,
      challenge: Buffer.from(challenge, 'base64url'),
    };
    const statement = await androidStatement(maker, asked, device);
    return {
      format: 'android-key',
      challenge,
      statement: statement.map((part) => part.toString('base64')),
    };
  }

  async enrol(device: Partial<AndroidDevice> = {}) {
    const secrets = await this.ready();
    const key = memorySigner();
    const attestation = await this.android(secrets.applicationId, key, device);
    const answer = await this.call('POST', '', {
      ...secrets,
      certificationRequest: await requestOfPhone(key),
      attestation,
    });
    return { ...answer, secrets, key, attestation };
  }

  async detailsOf(subject: string, action: string): Promise<Record<string, unknown> | undefined> {
    const [row] = await this.service.house.stores.database.query<{ details: Record<string, unknown> }>({
      text: 'select details from audit_event where subject = $1 and action = $2 order by id desc limit 1',
      values: [subject, action],
    });
    return row?.details;
  }

  async findings(): Promise<{ code: string; subject: string }[]> {
    const { database } = this.service.house.stores;
    const { attestationFile, dataDirectory } = this.paths;
    const { judgeAgain } = await openAttestationJudges(attestationFile);
    const vault = openEvidenceVault({ dataDirectory, clock: this.service.clock });
    const found: { code: string; subject: string }[] = [];
    for await (const finding of checkRecords(new PgRecords(database))) found.push(finding);
    const check = { judgeAgain, vault, hardwarePolicy: HARDWARE_POLICY };
    for await (const finding of checkAttestations(new PgAttestationRecords(database), check))
      found.push(finding);
    return found;
  }
}

function certificateIn({ certificate }: Record<string, unknown>): Certificate {
  return parseCertificate(decodePem(String(certificate), ['CERTIFICATE'])[0].bytes);
}

function namesHardware({ extensions }: Certificate): boolean {
  return extensions.get(CE.certificatePolicies)!.value.includes(PHONE_HARDWARE);
}

async function attested(t: Test, phones: Phones): Promise<void> {
  const { status, body, secrets, key, attestation } = await phones.enrol();
  t.equal(status, 200);
  t.match(body, { authority: 'bronze', profile: 'signing-phone', keyHardware: 'trusted-environment' });
  const certificate = certificateIn(body);
  t.ok(namesHardware(certificate));
  t.ok(certificate.subjectPublicKeyInfo.equals(key.subjectPublicKeyInfo));
  t.equal(body.chain.length, 2, 'the issuing CA and its root');
  const used = await phones.detailsOf(`application:${secrets.applicationId}`, 'use-activation');
  t.match(used, { keyHardware: 'trusted-environment', attestationSha256: /^[0-9a-f]{64}$/ });
  const serial = certificate.serialNumber.toString('hex');
  const intended = await phones.detailsOf(`certificate:bronze/${serial}`, 'intend-certificate');
  t.match(intended, { keyHardware: 'trusted-environment', attestationSha256: used!['attestationSha256'] });

  const again = { ...secrets, certificationRequest: await requestOfPhone(key), attestation };
  t.match(await phones.call('POST', '', again), { status: 200, body: { serialNumber: serial } });
  const other = { ...again, certificationRequest: await requestOfPhone() };
  t.match(await phones.call('POST', '', other), { status: 403, body: { code: 'activation-refused' } });
  phones.attested = body;
  await standing(t, phones, certificate);
}

async function apple(t: Test, phones: Phones): Promise<void> {
  const secrets = await phones.ready();
  const [appKey, challenge] = [memorySigner(), await phones.challenge(secrets.applicationId)];
  const asked = {
    subjectPublicKeyInfo: appKey.subjectPublicKeyInfo,
    challenge: Buffer.from(challenge, 'base64url'),
  };
  const [object] = await appleStatement(maker, asked);
  const enrolled = await phones.call('POST', '', {
    ...secrets,
    certificationRequest: await requestOfPhone(appKey),
    attestation: { format: 'apple-appattest', challenge, statement: [object.toString('base64')] },
  });
  t.match(enrolled, { status: 200, body: { keyHardware: 'secure-enclave' } });
  t.ok(namesHardware(certificateIn(enrolled.body)));
}

async function unattested(t: Test, phones: Phones): Promise<void> {
  const secrets = await phones.ready();
  const silent = await phones.call('POST', '', { ...secrets, certificationRequest: await requestOfPhone() });
  t.equal(silent.status, 200);
  t.notOk('keyHardware' in silent.body || 'attestationFault' in silent.body);
  t.notOk(namesHardware(certificateIn(silent.body)));

  const soft = await phones.enrol({ keyLevel: 0 });
  t.match(soft, { status: 200, body: { attestationFault: 'attestation-level' } });
  t.notOk(namesHardware(certificateIn(soft.body)));
  const serial = soft.body['serialNumber'];
  t.match(await phones.detailsOf(`certificate:bronze/${serial}`, 'intend-certificate'), {
    attestationFault: 'attestation-level',
  });

  const { clock } = phones.service;
  ageStatusList(phones.paths.folder, new Date(clock.now().getTime() - 48 * 3_600_000 - 1000));
  const stale = await phones.enrol();
  t.match(stale, { status: 200, body: { attestationFault: 'attestation-status-outdated' } });
  t.notOk(namesHardware(certificateIn(stale.body)));
  ageStatusList(phones.paths.folder, clock.now());
}

async function challenges(t: Test, phones: Phones): Promise<void> {
  const unknown = { status: 409, body: { code: 'attestation-challenge-unknown' } };
  const secrets = await phones.ready();
  const key = memorySigner();
  const certificationRequest = await requestOfPhone(key);
  const good = await phones.android(secrets.applicationId, key);
  const foreign = await phones.android((await phones.filePhone()).id, key);
  const nobody = await phones.challenge('00000000-0000-7000-8000-000000000000');
  t.match(nobody, /^[A-Za-z0-9_-]{43}$/, 'an application that does not exist is answered alike');
  const ask = (attestation: object, override: object = {}) =>
    phones.call('POST', '', { ...secrets, certificationRequest, attestation, ...override });
  t.match(await ask(foreign), unknown, 'of another application');
  t.match(await ask(good, { code: '00000000' }), { status: 403 }, 'a wrong code takes nothing away');
  phones.service.clock.advanceSeconds(600);
  t.match(await ask(good), unknown, 'too late');
  const later = await phones.android(secrets.applicationId, key);
  for (let one = 0; one < 5; one += 1) await phones.challenge(secrets.applicationId);
  t.match(await ask(later), unknown, 'pushed out by newer ones');
  const last = await phones.android(secrets.applicationId, key);
  const both = await Promise.all([ask(last), ask(last)]);
  const issued = new Set(both.flatMap(({ status, body }) => (status === 200 ? body['serialNumber'] : [])));
  t.equal(issued.size, 1, 'at once with one key: one certificate');
  t.match(
    await ask(last),
    { status: 200, body: { serialNumber: [...issued][0] } },
    'and who comes again has it',
  );
  const [{ count }] = await phones.service.house.stores.database.query<{ count: number }>({
    text: 'select count(*)::int as count from attestation_challenge where challenge = $1',
    values: [Buffer.from(last.challenge, 'base64url')],
  });
  t.equal(count, 0, 'and the challenge is spent');
}

async function renewals(t: Test, phones: Phones): Promise<void> {
  const [first, second] = [await phones.enrol(), await phones.enrol({ keyLevel: 0 })];
  const { clock } = phones.service;
  clock.set(new Date(certificateIn(first.body).notAfter.getTime() - 30 * 24 * 3_600_000));
  ageStatusList(phones.paths.folder, clock.now());

  const key = memorySigner();
  const { code } = (await phones.renewKey(first, key, await phones.android(first.secrets.applicationId, key)))
    .body;
  t.equal(code, 'attestation-challenge-unknown', 'an application’s challenge is none of a certificate');
  const foreign = await phones.attestationFor(await phones.renewalChallenge(second), key);
  t.match(
    (await phones.renewKey(first, key, foreign)).body,
    { code: 'attestation-challenge-unknown' },
    'nor is that of another certificate',
  );
  const nobody = await phones.renewalChallenge({ body: { serialNumber: '00'.repeat(16) } });
  t.match(nobody, /^[A-Za-z0-9_-]{43}$/, 'a certificate that does not exist is answered alike');

  const shown = await phones.attestationFor(await phones.renewalChallenge(first), key);
  const { issueRenewal } = phones.service.house.services.renewal.renewalIssuer;
  phones.service.house.services.renewal.renewalIssuer.issueRenewal = () =>
    Promise.reject(new Error('the process dies here'));
  const asked = await phones.signedRenewal(first, key);
  t.match(await phones.sendRenewal(asked, shown), { status: 500 });
  phones.service.house.services.renewal.renewalIssuer.issueRenewal = issueRenewal;
  const renewed = await phones.sendRenewal(asked, shown);
  t.equal(renewed.status, 201, JSON.stringify(renewed.body));
  t.ok(namesHardware(certificateIn(renewed.body)), 'what was shown before a crash is judged after it');
  const subject = `certificate:bronze/${renewed.body['serialNumber']}`;
  t.match(await phones.detailsOf(subject, 'intend-certificate'), { keyHardware: 'trusted-environment' });
  t.match(await phones.detailsOf(`renewal:${renewed.body['id']}`, 'request-renewal'), {
    keyHardware: 'trusted-environment',
    attestationSha256: /^[0-9a-f]{64}$/,
  });

  const hard = memorySigner();
  const held = await phones.renewKey(
    second,
    hard,
    await phones.attestationFor(await phones.renewalChallenge(second), hard),
  );
  t.match(held, { status: 201, body: { keyHardware: 'trusted-environment' } });
  t.ok(namesHardware(certificateIn(held.body)), 'a phone that had no hardware may have some now');

  const third = await phones.enrol();
  clock.set(new Date(certificateIn(third.body).notAfter.getTime() - 30 * 24 * 3_600_000));
  ageStatusList(phones.paths.folder, clock.now());
  const soft = memorySigner();
  const other = await phones.attestationFor(await phones.renewalChallenge(third), memorySigner());
  const wrong = await phones.renewKey(third, soft, other);
  t.match(
    wrong,
    { status: 201, body: { attestationFault: 'attestation-key' } },
    'another key is vouched for',
  );
  t.notOk(namesHardware(certificateIn(wrong.body)));
  const fourth = await phones.enrol();
  clock.set(new Date(certificateIn(fourth.body).notAfter.getTime() - 30 * 24 * 3_600_000));
  const silent = await phones.renewKey(fourth, memorySigner());
  t.equal(silent.status, 201);
  t.notOk('keyHardware' in silent.body || 'attestationFault' in silent.body);
  t.notOk(namesHardware(certificateIn(silent.body)), 'who shows nothing claims nothing');

  t.strictSame(await phones.findings(), []);
  const { database } = phones.service.house.stores;
  await database.query({ text: 'alter table renewal_attestation disable trigger all' });
  await database.query({
    text: 'update renewal_attestation set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where renewal_id = $1',
    values: [renewed.body['id']],
  });
  await database.query({ text: 'alter table renewal_attestation enable trigger all' });
  t.match(await phones.findings(), [{ code: 'attestation-differs', subject }], 'fsck opens what was kept');
}

async function refusals(t: Test, phones: Phones): Promise<void> {
  const refused = { status: 403, body: { code: 'activation-refused' } };
  const certificationRequest = await requestOfPhone();
  const secrets = await phones.ready();
  const ask = (override: object) =>
    phones.call('POST', '', { ...secrets, certificationRequest, ...override });
  t.match(await ask({ applicationId: '00000000-0000-7000-8000-000000000000' }), refused);
  t.match(await ask({ certificationRequest: 'no PEM' }), { status: 422 });
  const card = await phones.fileCard();
  const cardCode = await phones.approveAndRead(card.id);
  t.match(await ask({ applicationId: card.id, code: cardCode }), refused, 'a card is activated at the desk');
  for (const override of [{ code: '00000000' }, { deskSecret: 'x'.repeat(22) }, { deskSecret: 'x' }])
    t.match(await ask(override), refused);
  t.match(await ask({ code: '00000000' }), refused);
  t.match(await ask({ code: '00000000' }), refused);
  t.match(await ask({}), refused, 'five wrong ones were the last');
  const wrong = { format: 'android-key', challenge: 'x'.repeat(43), statement: ['*'] };
  t.match(await ask({ attestation: wrong }), { status: 400, body: { code: 'request-malformed' } });
}

async function crash(t: Test, phones: Phones): Promise<void> {
  const secrets = await phones.ready();
  const { registration } = phones.service.house.services;
  const key = memorySigner();
  const attestation = await phones.android(secrets.applicationId, key);
  const body = { ...secrets, certificationRequest: await requestOfPhone(key), attestation };
  const { issue } = registration.issuer;
  registration.issuer.issue = () => Promise.reject(new Error('the process dies here'));
  t.match(await phones.call('POST', '', body), { status: 500 });
  registration.issuer.issue = issue;
  const issued = await issueApproved(registration, TEST);
  t.equal(issued.length, 1);
  const answer = await phones.call('POST', '', body);
  t.equal(answer.status, 200);
  t.ok(namesHardware(certificateIn(answer.body)));
}

async function standing(t: Test, phones: Phones, certificate: Certificate): Promise<void> {
  const sha256 = certificateFingerprint(certificate).toString('hex');
  const stands = await phones.call('GET', `/certificates/${sha256}`);
  const renewableFrom = new Date(certificate.notAfter.getTime() - 90 * 24 * 3_600_000).toISOString();
  t.match(stands, { status: 200, body: { authority: 'bronze', status: { kind: 'good' }, renewableFrom } });
  t.strictSame(
    Object.keys(stands.body).sort(),
    ['authority', 'notAfter', 'notBefore', 'renewableFrom', 'serialNumber', 'status'],
    'nothing of the person',
  );
  t.match(await phones.call('GET', `/certificates/${'0'.repeat(64)}`), {
    status: 404,
    body: { code: 'certificate-not-found' },
  });
}

async function fsck(t: Test, phones: Phones): Promise<void> {
  t.strictSame(await phones.findings(), []);
  const soft = await phones.enrol({ keyLevel: 0 });
  const { database } = phones.service.house.stores;
  const tamper = async (table: string, change: string, serial: string) => {
    await database.query({ text: `alter table ${table} disable trigger all` });
    await database.query({ text: `update ${table} ${change}`, values: [Buffer.from(serial, 'hex')] });
    await database.query({ text: `alter table ${table} enable trigger all` });
  };
  const differs = { code: 'attestation-differs' };
  const intentOf = (set: string) => `set ${set} where serial_number = $1`;
  const [hard, none] = [String(phones.attested['serialNumber']), soft.body['serialNumber']];
  await tamper(
    'issuance_intent',
    intentOf(`key_hardware = null, attestation_fault = 'attestation-level'`),
    hard,
  );
  t.match(await phones.findings(), [differs], 'a policy that the CA has not seen shown');
  await tamper('issuance_intent', intentOf(`key_hardware = 'strongbox', attestation_fault = null`), hard);
  t.match(await phones.findings(), [differs], 'other hardware than was shown');
  await tamper(
    'issuance_intent',
    intentOf(`key_hardware = 'trusted-environment', attestation_fault = null`),
    hard,
  );
  t.strictSame(await phones.findings(), []);
  await tamper('issuance_intent', intentOf(`key_hardware = 'strongbox', attestation_fault = null`), none);
  t.match(await phones.findings(), [differs, differs], 'hardware that was never shown, and no policy of it');
  await tamper(
    'issuance_intent',
    intentOf(`key_hardware = null, attestation_fault = 'attestation-level'`),
    none,
  );
  const damage = `set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where activation_id in (
    select v.id from activation v join certificate c on c.origin = 'application:' || v.application_id
    where c.serial_number = $1)`;
  await tamper('key_attestation', damage, hard);
  t.match(await phones.findings(), [differs], 'what was shown cannot be opened');
  await tamper('key_attestation', damage, hard);
  t.strictSame(await phones.findings(), []);
}
