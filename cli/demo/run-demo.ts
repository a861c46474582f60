import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { systemClock } from '../../core/clock.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { signCades } from '../../signing/cades-signature.ts';
import { Artefacts } from './artefacts.ts';
import { DOCTOR, DoctorsPhone } from './doctor.ts';
import { HttpClient } from './http-client.ts';
import type { Answer } from './http-client.ts';
import { Narrator } from './narrator.ts';
import type { Prescription } from './prescriptions.ts';
import { RelyingParty } from './relying-party.ts';
import { startService } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';

const AUTHORITY = 'bronze';
/** A CRL follows a revocation within seconds; the demo waits at most this long. */
const CRL_WAIT_MILLISECONDS = 15_000;

/** Runs the main job over HTTP against a fresh data directory; returns how many expectations did not hold. */
export async function runDemo(prescriptions: readonly Prescription[], outDirectory: string): Promise<number> {
  const narrator = new Narrator();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'mohr-demo-'));
  let service: ServiceProcess | undefined;
  try {
    narrator.step('A fresh service starts: development ceremony, two issuing CAs, a demonstration office.');
    service = await startService(dataDirectory);
    await new Story(service, narrator, await Artefacts.open(outDirectory)).tell(prescriptions);
    return narrator.failures;
  } finally {
    await service?.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

/** One doctor's certificate from the clerk's desk to the court. */
class Story {
  readonly #narrator: Narrator;
  readonly #artefacts: Artefacts;
  readonly #clerk: HttpClient;
  readonly #secondOfficer: HttpClient;
  readonly #operator: HttpClient;
  readonly #public: HttpClient;
  readonly #loginLinks: string[];
  readonly #phone = new DoctorsPhone();

  constructor(service: ServiceProcess, narrator: Narrator, artefacts: Artefacts) {
    this.#narrator = narrator;
    this.#artefacts = artefacts;
    const client = () => new HttpClient(service.publicUrl);
    [this.#clerk, this.#secondOfficer, this.#operator, this.#public] = [
      client(),
      client(),
      client(),
      client(),
    ];
    this.#loginLinks = service.loginLinks;
  }

  async tell(prescriptions: readonly Prescription[]): Promise<void> {
    await this.#signIn();
    const application = await this.#file();
    await this.#approve(application);
    const doctor = await this.#fetchCertificate(application);
    const issuer = await this.#fetchHierarchy();
    const party = new RelyingParty(this.#public, issuer, AUTHORITY);
    const [first] = await this.#sign(prescriptions, doctor, issuer);
    const receivedAt = await this.#firstCheck(party, doctor, first);
    await this.#suspend(party, doctor, issuer, prescriptions[0], first, receivedAt);
    await this.#restore(party, doctor, issuer, prescriptions[0], first, receivedAt);
    await this.#revoke(party, doctor, issuer, prescriptions[0], first, receivedAt);
    await this.#artefacts.explain(this.#narrator, prescriptions);
  }

  async #signIn(): Promise<void> {
    this.#narrator.step('Clerk, second officer and operator sign in with their one-time links.');
    const officers = [this.#clerk, this.#secondOfficer, this.#operator];
    for (const [index, officer] of officers.entries()) await officer.signIn(this.#loginLinks[index]);
    const again = new HttpClient(new URL(this.#loginLinks[0]).origin);
    const reused = await again.signIn(this.#loginLinks[0]).then(
      () => 'works',
      () => 'refused',
    );
    this.#narrator.expect('the same link again', reused, 'refused');
  }

  async #file(): Promise<Answer> {
    this.#narrator.step(
      `The clerk files the application of Dr ${DOCTOR.givenName} ${DOCTOR.surname} (${DOCTOR.latinName}).`,
    );
    const { status, body } = await this.#clerk.json('POST', '/api/v1/applications', {
      profile: 'signing-phone',
      applicant: DOCTOR,
      certificationRequest: await this.#phone.certificationRequest(),
    });
    this.#narrator.expect('answer', status, 201);
    this.#narrator.expect('state', body.state, 'submitted');
    return body;
  }

  async #approve(application: Answer): Promise<void> {
    const path = `/api/v1/applications/${application.id}/approve`;
    this.#narrator.step('The clerk cannot approve their own application.');
    const own = await this.#clerk.json('POST', path, { version: application.version });
    this.#narrator.expect('answer', [own.status, own.body.code], [403, 'role-missing']);
    this.#narrator.step('The second officer approves; the certificate is issued.');
    const approved = await this.#secondOfficer.json('POST', path, { version: application.version });
    this.#narrator.expect('answer', [approved.status, approved.body.state], [200, 'issued']);
  }

  async #fetchCertificate(application: Answer): Promise<Certificate> {
    this.#narrator.step('The certificate is found by the doctor’s council number.');
    const path = `/api/v1/certificates?text=${DOCTOR.councilNumber.digits}`;
    const { body } = await this.#clerk.json('GET', path);
    const found = body.items[0];
    this.#narrator.expect('application', found.applicationId, application.id);
    this.#narrator.expect('profile', found.profile, 'signing-phone');
    await this.#artefacts.write('doctor.pem', Buffer.from(found.certificate));
    await this.#artefacts.write('doctor.key', Buffer.from(this.#phone.privateKeyPem), 0o600);
    return parseCertificate(decodePem(found.certificate, ['CERTIFICATE'])[0].bytes);
  }

  async #fetchHierarchy(): Promise<Certificate> {
    this.#narrator.step('Issuing CA and root are downloaded from where the certificate says.');
    const { body } = await this.#public.json('GET', '/api/v1/authorities');
    const [root, issuer] = ['root', AUTHORITY].map((id) => body.items.find((item) => item.id === id)!);
    await this.#artefacts.write('root.pem', Buffer.from(root.certificate));
    await this.#artefacts.write('issuer.pem', Buffer.from(issuer.certificate));
    await this.#artefacts.write('chain.pem', Buffer.from(issuer.certificate + root.certificate));
    const der = await this.#public.download(`/ca/${AUTHORITY}.cer`);
    this.#narrator.expect(
      'same certificate',
      der.equals(decodePem(issuer.certificate, ['CERTIFICATE'])[0].bytes),
      true,
    );
    return parseCertificate(der);
  }

  async #sign(
    prescriptions: readonly Prescription[],
    doctor: Certificate,
    issuer: Certificate,
  ): Promise<Buffer[]> {
    this.#narrator.step('The doctor signs with the phone’s key: enveloping CAdES.');
    const signatures: Buffer[] = [];
    for (const prescription of prescriptions) {
      const signature = await this.#signOne(prescription, doctor, issuer);
      await this.#artefacts.write(`${prescription.name}.${prescription.extension}`, prescription.content);
      await this.#artefacts.write(`${prescription.name}.p7m`, signature);
      this.#narrator.say(`      ${prescription.name}.p7m: ${signature.length} octets`);
      signatures.push(signature);
    }
    return signatures;
  }

  #signOne(prescription: Prescription, doctor: Certificate, issuer: Certificate): Promise<Buffer> {
    return signCades({
      content: prescription.content,
      signer: this.#phone.signer,
      certificate: doctor,
      chain: [issuer],
      signingTime: systemClock.now(),
      mimeType: prescription.mediaType,
    });
  }

  async #firstCheck(party: RelyingParty, doctor: Certificate, signature: Buffer): Promise<Date> {
    this.#narrator.step('A pharmacy asks OCSP.');
    const answer = await party.askOcsp(doctor, { nonce: false });
    this.#narrator.expect('status', answer.status, 'good');
    this.#narrator.expect(
      'status, with a nonce',
      (await party.askOcsp(doctor, { nonce: true })).status,
      'good',
    );
    await this.#artefacts.write('ocsp-good.der', answer.der);
    this.#narrator.step('The insurer receives the prescription and has it validated.');
    const receivedAt = systemClock.now();
    const report = await this.#validate('good', party, signature, receivedAt);
    this.#narrator.expect('verdict', verdictOf(report), 'TOTAL-PASSED');
    const { signer } = report.signatures[0];
    this.#narrator.expect('signer', signer.name, `${DOCTOR.givenName} ${DOCTOR.surname}`);
    this.#narrator.expect('council number', signer.councilNumber, DOCTOR.councilNumber.digits);
    this.#narrator.expect('profession', signer.profession, DOCTOR.councilNumber.group);
    return receivedAt;
  }

  async #suspend(
    party: RelyingParty,
    doctor: Certificate,
    issuer: Certificate,
    prescription: Prescription,
    first: Buffer,
    receivedAt: Date,
  ): Promise<void> {
    this.#narrator.step('The Medical Council suspends the licence; the operator holds the certificate.');
    await nextSecond();
    await this.#change(doctor, 'hold');
    this.#narrator.expect(
      'OCSP',
      (await party.askOcsp(doctor, { nonce: false })).status,
      'revoked (certificateHold)',
    );
    const during = await this.#signOne(prescription, doctor, issuer);
    const report = await this.#validate('on-hold', party, during, systemClock.now());
    this.#narrator.expect('a signature made now passes', verdictOf(report) === 'TOTAL-PASSED', false);
    this.#narrator.say(`      it is ${verdictOf(report)}: ${reasonsOf(report)}`);
    const earlier = await this.#validate('earlier-during-hold', party, first, receivedAt);
    this.#narrator.expect('the earlier signature', verdictOf(earlier), 'TOTAL-PASSED');
  }

  async #restore(
    party: RelyingParty,
    doctor: Certificate,
    issuer: Certificate,
    prescription: Prescription,
    first: Buffer,
    receivedAt: Date,
  ): Promise<void> {
    this.#narrator.step('The licence is restored; the operator releases the certificate.');
    await nextSecond();
    await this.#change(doctor, 'release');
    await nextSecond();
    this.#narrator.expect('OCSP', (await party.askOcsp(doctor, { nonce: false })).status, 'good');
    const after = await this.#signOne(prescription, doctor, issuer);
    const report = await this.#validate('restored', party, after, systemClock.now());
    this.#narrator.expect('a signature made now', verdictOf(report), 'TOTAL-PASSED');
    this.#narrator.expect(
      'the first one',
      verdictOf(await party.validate(first, receivedAt)),
      'TOTAL-PASSED',
    );
  }

  async #revoke(
    party: RelyingParty,
    doctor: Certificate,
    issuer: Certificate,
    prescription: Prescription,
    first: Buffer,
    receivedAt: Date,
  ): Promise<void> {
    this.#narrator.step('The phone is stolen and its PIN known: revoked for key compromise.');
    await nextSecond();
    await this.#change(doctor, 'revoke', { reason: 'keyCompromise' });
    const answer = await party.askOcsp(doctor, { nonce: false });
    this.#narrator.expect('OCSP', answer.status, 'revoked (keyCompromise)');
    await this.#artefacts.write('ocsp-revoked.der', answer.der);
    const crl = await freshCrl(party, doctor);
    this.#narrator.expect('CRL', crl.status, 'listed (keyCompromise)');
    await this.#artefacts.write('crl.der', crl.der);
    this.#narrator.step('The thief signs; the insurer validates.');
    const forged = await this.#signOne(prescription, doctor, issuer);
    const report = await this.#validate('revoked', party, forged, systemClock.now());
    this.#narrator.expect('a signature made now passes', verdictOf(report) === 'TOTAL-PASSED', false);
    this.#narrator.say(`      it is ${verdictOf(report)}: ${reasonsOf(report)}`);
    const earlier = await this.#validate('earlier-after-revocation', party, first, receivedAt);
    this.#narrator.expect('the first signature, received before', verdictOf(earlier), 'TOTAL-PASSED');
    const again = await this.#operator.json('POST', this.#pathOf(doctor, 'release'));
    this.#narrator.expect(
      'undoing a revocation',
      [again.status, again.body.code],
      [409, 'status-transition'],
    );
  }

  async #change(doctor: Certificate, verb: string, body?: unknown): Promise<void> {
    const { status } = await this.#operator.json('POST', this.#pathOf(doctor, verb), body);
    this.#narrator.expect(verb, status, 200);
  }

  #pathOf(doctor: Certificate, verb: string): string {
    return `/api/v1/certificates/${AUTHORITY}/${doctor.serialNumber.toString('hex')}/${verb}`;
  }

  async #validate(name: string, party: RelyingParty, signature: Buffer, receivedAt: Date): Promise<Answer> {
    const report = await party.validate(signature, receivedAt);
    await this.#artefacts.write(
      `validation-${name}.json`,
      Buffer.from(`${JSON.stringify(report, null, 2)}\n`),
    );
    return report;
  }
}

function verdictOf(report: Answer): string {
  return report.subIndication ? `${report.indication}/${report.subIndication}` : report.indication;
}

function reasonsOf(report: Answer): string {
  return report.reasons.map((reason) => reason.text).join('; ');
}

/** Statuses have whole seconds: what happens within one second has no order. */
async function nextSecond(): Promise<void> {
  await delay(1000 - (systemClock.now().getTime() % 1000) + 5);
}

async function freshCrl(party: RelyingParty, doctor: Certificate): Promise<{ status: string; der: Buffer }> {
  const deadline = systemClock.now().getTime() + CRL_WAIT_MILLISECONDS;
  for (;;) {
    const crl = await party.readCrl(doctor);
    if (crl.status === 'listed (keyCompromise)' || systemClock.now().getTime() > deadline) return crl;
    await delay(100);
  }
}
