import { setTimeout as delay } from 'node:timers/promises';

import { systemClock } from '../../core/clock.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import type { Artefacts } from './artefacts.ts';
import { DOCTOR } from './doctor.ts';
import type { DoctorsPhone } from './doctor.ts';
import { AUTHORITY } from './enrolment.ts';
import { REVOCATION_PASSWORD } from './keep-papers.ts';
import type { Answer, HttpClient } from './http-client.ts';
import type { Narrator } from './narrator.ts';
import type { Prescription } from './prescriptions.ts';
import type { RelyingParty } from './relying-party.ts';
import { stampPrescription } from './stamped-prescription.ts';

/** A CRL follows a revocation within seconds; the demo waits at most this long. */
const CRL_WAIT_MILLISECONDS = 15_000;

export interface SigningLifeOptions {
  narrator: Narrator;
  artefacts: Artefacts;
  phone: DoctorsPhone;
  operator: HttpClient;
  /** Of the doctor at home: nobody's session. */
  holder: HttpClient;
  publicUrl: string;
  party: RelyingParty;
  doctor: Certificate;
  issuer: Certificate;
  prescriptions: readonly Prescription[];
}

/** A signature, and when the insurer received it. */
interface Received {
  signature: Buffer;
  at: Date;
}

/** Second half: what is signed with the certificate, and what becomes of it as the certificate's status changes. */
export class SigningLife {
  readonly #options: SigningLifeOptions;
  readonly #narrator: Narrator;

  constructor(options: SigningLifeOptions) {
    this.#options = options;
    this.#narrator = options.narrator;
  }

  async tell(): Promise<void> {
    const first = await this.#receiveFirst(await this.#signAll());
    const stamped = await this.#stamp(first);
    await this.#suspend(first);
    await this.#restore(first);
    await this.#revoke(first, stamped);
  }

  /** Returns the signature over the first prescription. */
  async #signAll(): Promise<Buffer> {
    this.#narrator.step('The doctor signs with the phone’s key: enveloping CAdES.');
    const { prescriptions, artefacts } = this.#options;
    const signatures: Buffer[] = [];
    for (const prescription of prescriptions) {
      const signature = await this.#sign(prescription);
      await artefacts.write(`${prescription.name}.${prescription.extension}`, prescription.content);
      await artefacts.write(`${prescription.name}.p7m`, signature);
      this.#narrator.say(`      ${prescription.name}.p7m: ${signature.length} octets`);
      signatures.push(signature);
    }
    return signatures[0];
  }

  async #receiveFirst(signature: Buffer): Promise<Received> {
    const { party, doctor, artefacts } = this.#options;
    this.#narrator.step('A pharmacy asks OCSP.');
    const answer = await party.askOcsp(doctor, { nonce: false });
    this.#narrator.expect('status', answer.status, 'good');
    this.#narrator.expect(
      'status, with a nonce',
      (await party.askOcsp(doctor, { nonce: true })).status,
      'good',
    );
    await artefacts.write('ocsp-good.der', answer.der);
    this.#narrator.step('The insurer receives the prescription and has it validated.');
    const received = { signature, at: systemClock.now() };
    const report = await this.#validate('good', received);
    this.#narrator.expect('verdict', verdictOf(report), 'TOTAL-PASSED');
    const { signer } = report.signatures[0];
    this.#narrator.expect('signer', signer.name, `${DOCTOR.givenName} ${DOCTOR.surname}`);
    this.#narrator.expect('council number', signer.councilNumber, DOCTOR.councilNumber.digits);
    this.#narrator.expect('profession', signer.profession, DOCTOR.councilNumber.group);
    return received;
  }

  #stamp({ signature }: Received): Promise<Buffer> {
    const { holder: http, prescriptions } = this.#options;
    const [prescription] = prescriptions;
    return stampPrescription({ ...this.#options, http, prescription, signature });
  }

  async #suspend(first: Received): Promise<void> {
    this.#narrator.step(
      'At night the doctor cannot find the phone, and blocks it with the revocation password.',
    );
    await nextSecond();
    const blocks = '/api/v1/self-service/blocks';
    const claim = { nationalId: DOCTOR.nationalId, revocationPassword: 'no idea' };
    const wrong = await this.#options.holder.json('POST', blocks, claim);
    this.#narrator.expect('a wrong one', [wrong.status, wrong.body.code], [403, 'self-service-refused']);
    const right = { ...claim, revocationPassword: REVOCATION_PASSWORD, keyStore: 'phone' };
    const blocked = await this.#options.holder.json('POST', blocks, right);
    this.#narrator.expect('the right one', [blocked.status, blocked.body.held], [200, 1]);
    await this.#expectOcsp('revoked (certificateHold)');
    await this.#expectRefused('on-hold');
    const earlier = await this.#validate('earlier-during-hold', first);
    this.#narrator.expect('the earlier signature', verdictOf(earlier), 'TOTAL-PASSED');
  }

  async #restore(first: Received): Promise<void> {
    this.#narrator.step('The phone is found; the operator lifts the loss, and with it the hold.');
    await this.#change('release');
    await nextSecond();
    await this.#expectOcsp('good');
    const report = await this.#validate('restored', await this.#signNow());
    this.#narrator.expect('a signature made now', verdictOf(report), 'TOTAL-PASSED');
    const earlier = await this.#validate('earlier-after-release', first);
    this.#narrator.expect('the first one', verdictOf(earlier), 'TOTAL-PASSED');
  }

  async #revoke(first: Received, stamped: Buffer): Promise<void> {
    const { party, doctor, artefacts, operator } = this.#options;
    this.#narrator.step('The phone is stolen and its PIN known: revoked for key compromise.');
    await this.#change('revoke', { reason: 'keyCompromise' });
    await artefacts.write('ocsp-revoked.der', await this.#expectOcsp('revoked (keyCompromise)'));
    const crl = await freshCrl(party, doctor);
    this.#narrator.expect('CRL', crl.status, 'listed (keyCompromise)');
    await artefacts.write('crl.der', crl.der);
    this.#narrator.step('The thief signs; the insurer validates.');
    await this.#expectRefused('revoked');
    const earlier = await this.#validate('earlier-after-revocation', first);
    this.#narrator.expect('the first signature, received before', verdictOf(earlier), 'TOTAL-PASSED');
    const late = await this.#validate('stamped-after-revocation', {
      signature: stamped,
      at: systemClock.now(),
    });
    this.#narrator.expect('the stamped one, received now', verdictOf(late), 'TOTAL-PASSED');
    const again = await operator.json('POST', this.#pathOf('release'));
    this.#narrator.expect(
      'undoing a revocation',
      [again.status, again.body.code],
      [409, 'status-transition'],
    );
  }

  /** Changes the status in a second of its own: statuses have whole seconds, so within one nothing has an order. */
  async #change(verb: string, body?: unknown): Promise<void> {
    await nextSecond();
    const { status } = await this.#options.operator.json('POST', this.#pathOf(verb), body);
    this.#narrator.expect(verb, status, 200);
  }

  async #expectOcsp(expected: string): Promise<Buffer> {
    const { status, der } = await this.#options.party.askOcsp(this.#options.doctor, { nonce: false });
    this.#narrator.expect('OCSP', status, expected);
    return der;
  }

  async #expectRefused(name: string): Promise<void> {
    const report = await this.#validate(name, await this.#signNow());
    this.#narrator.expect('a signature made now passes', verdictOf(report) === 'TOTAL-PASSED', false);
    this.#narrator.say(
      `      it is ${verdictOf(report)}: ${report.reasons.map(({ text }) => text).join('; ')}`,
    );
  }

  async #signNow(): Promise<Received> {
    return { signature: await this.#sign(this.#options.prescriptions[0]), at: systemClock.now() };
  }

  #sign(prescription: Prescription): Promise<Buffer> {
    const { phone, doctor, issuer } = this.#options;
    return signCades({
      content: prescription.content,
      signer: phone.signer,
      certificate: doctor,
      chain: [issuer],
      signingTime: systemClock.now(),
      mimeType: prescription.mediaType,
    });
  }

  #pathOf(verb: string): string {
    return `/api/v1/certificates/${AUTHORITY}/${this.#options.doctor.serialNumber.toString('hex')}/${verb}`;
  }

  async #validate(name: string, { signature, at }: Received): Promise<Answer> {
    const report = await this.#options.party.validate(signature, at);
    const text = `${JSON.stringify(report, null, 2)}\n`;
    await this.#options.artefacts.write(`validation-${name}.json`, Buffer.from(text));
    return report;
  }
}

function verdictOf(report: Answer): string {
  return report.subIndication ? `${report.indication}/${report.subIndication}` : report.indication;
}

async function nextSecond(): Promise<void> {
  await delay(1000 - (systemClock.now().getTime() % 1000) + 5);
}

async function freshCrl(party: RelyingParty, doctor: Certificate): Promise<{ status: string; der: Buffer }> {
  const deadline = systemClock.now().getTime() + CRL_WAIT_MILLISECONDS;
  for (;;) {
    const crl = await party.readCrl(doctor);
    if (crl.status !== 'not listed' || systemClock.now().getTime() > deadline) return crl;
    await delay(100);
  }
}
