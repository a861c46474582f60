import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { systemClock } from '../../core/clock.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { AT } from '../../pki/oid.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { DOCTOR } from './doctor.ts';
import type { Cast } from './enrolment.ts';
import type { Answer } from './http-client.ts';
import type { Narrator } from './narrator.ts';
import { approveWithPasskey } from './officers-passkey.ts';
import { codeIn } from './phone-enrolment.ts';
import type { Prescription } from './prescriptions.ts';
import type { RelyingParty } from './relying-party.ts';
import { openSoftCard } from './soft-card.ts';
import type { SoftCard } from './soft-card.ts';
import type { SoftwareAuthenticator } from './software-authenticator.ts';

/** Of the doctor, as the registers know it. */
const MOBILE = '09990001405';
const AGENT = { agentId: 'the-demo-itself' };

export interface CardLifeOptions {
  narrator: Narrator;
  cast: Cast;
  /** Of the second officer. */
  passkey: SoftwareAuthenticator;
  party: RelyingParty;
  prescription: Prescription;
  /** Of the service: its short messages are in there. */
  dataDirectory: string;
  /** For the token. */
  folder: string;
}

/** The same doctor gets a card, from the delivery to a prescription; the demo plays card agent and card. */
export class CardLife {
  readonly #options: CardLifeOptions;
  readonly #narrator: Narrator;

  constructor(options: CardLifeOptions) {
    this.#options = options;
    this.#narrator = options.narrator;
  }

  async tell(): Promise<void> {
    const card = await openSoftCard(this.#options.folder);
    if ('missing' in card) {
      this.#narrator.step(`A smart card: left out, because this machine has no ${card.missing}.`);
      return;
    }
    try {
      await this.#tellOf(card);
    } finally {
      await card.signer.close();
    }
  }

  async #tellOf(card: SoftCard): Promise<void> {
    await this.#takeIntoStock(card);
    const { applicationId, path } = await this.#makeKey(card);
    await this.#approve(applicationId);
    const certificate = await this.#writeAndTest(card, path);
    await this.#handOver(card, path, certificate);
    await this.#signAndLose(card, certificate);
  }

  async #takeIntoStock({ serial }: SoftCard): Promise<void> {
    const { operator, clerk } = this.#options.cast;
    this.#narrator.step(
      'A smart card comes with a delivery and goes to the office (SoftHSM plays the card).',
    );
    const delivery = { reference: 'demo 1', cardType: 'SoftHSM', format: 'csv', list: `serial\n${serial}\n` };
    this.#narrator.expect(
      'taken in',
      await this.#status(operator.json('POST', '/api/v1/card-batches', delivery)),
      201,
    );
    const { body } = await clerk.json('GET', '/api/v1/sessions/current');
    const parcel = { officeId: body.officeId, serials: [serial] };
    const sent = operator.json('POST', '/api/v1/cards/assignments', parcel);
    this.#narrator.expect('sent to the office', await this.#status(sent), 200);
  }

  async #makeKey(card: SoftCard): Promise<{ applicationId: string; path: string }> {
    const { clerk } = this.#options.cast;
    this.#narrator.step(
      'The doctor is at the desk: the card makes its key, and the request goes into the draft.',
    );
    const draft = { draft: true, profile: 'signing-card', delivery: 'card', applicant: DOCTOR };
    const { body: kept } = await clerk.json('POST', '/api/v1/applications', draft);
    const opening = { applicationId: kept.id, cardSerial: card.serial, keyType: 'p-256' };
    const { body: opened } = await clerk.json('POST', '/api/v1/personalisations', opening);
    const path = `/api/v1/personalisations/${opened.id}`;
    this.#narrator.expect('out of the stock', opened.card?.state, 'reserved');
    await clerk.json('POST', `${path}/pin`);
    const request = await makeCertificationRequest(card.signer, [
      { type: AT.commonName, value: card.serial },
    ]);
    const certificationRequest = request.toString('base64');
    const { body: made } = await clerk.json('POST', `${path}/request`, { certificationRequest });
    this.#narrator.expect('next', made.next, 'submit');
    return { applicationId: kept.id, path };
  }

  async #approve(applicationId: string): Promise<void> {
    const { clerk, secondOfficer } = this.#options.cast;
    const path = `/api/v1/applications/${applicationId}`;
    this.#narrator.step(
      'Filed and approved: nothing is issued yet, and a code goes to the doctor’s own phone.',
    );
    const { body: draft } = await clerk.json('GET', path);
    await clerk.json('POST', `${path}/submit`, { version: draft.version });
    await clerk.json('PUT', `${path}/contact`, { mobile: MOBILE });
    const approved = await approveWithPasskey(
      (method, url, body) => secondOfficer.json(method, url, body),
      this.#options.passkey,
      applicationId,
      { version: 1 },
    );
    this.#narrator.expect('state', (approved.body as Answer).state, 'activation');
    const wrong = await clerk.json('POST', `${path}/activation`, { code: '00000000' });
    this.#narrator.expect('a wrong code', wrong.body.code, 'activation-refused');
    const code = await codeIn(join(this.#options.dataDirectory, 'messages.ndjson'), MOBILE);
    const activated = await clerk.json('POST', `${path}/activation`, { code });
    this.#narrator.expect('the doctor’s code', activated.status, 200);
  }

  async #writeAndTest(card: SoftCard, path: string): Promise<Certificate> {
    const { clerk } = this.#options.cast;
    this.#narrator.step('The certificate goes onto the card and is read back; the card signs a test.');
    const { certificates } = await this.#ticket(path, 'write-certificates');
    const octets = certificates!.map((one) => Buffer.from(one, 'base64'));
    const readBack = octets.map((one) => digest('sha256', one).toString('hex'));
    await clerk.json('POST', `${path}/written`, { readBack });
    const certificate = parseCertificate(octets[0]);
    const tested = await this.#sign(card, certificate, path, 'test');
    const { body } = await clerk.json('POST', `${path}/tested`, { signature: tested });
    this.#narrator.expect('next', body.next, 'receive');
    return certificate;
  }

  async #handOver(card: SoftCard, path: string, certificate: Certificate): Promise<void> {
    const { clerk } = this.#options.cast;
    this.#narrator.step('The doctor signs the receipt with the new key: the card is handed over.');
    const signature = await this.#sign(card, certificate, path, 'receipt');
    const { body } = await clerk.json('POST', `${path}/receipt`, { signature });
    this.#narrator.expect(
      'card and application',
      [body.card?.state, body.applicationState],
      ['handed-over', 'accepted'],
    );
  }

  async #signAndLose(card: SoftCard, certificate: Certificate): Promise<void> {
    const { party, prescription, cast } = this.#options;
    this.#narrator.step('The card signs a prescription; then it is lost.');
    const sign = async () =>
      signCades({
        content: prescription.content,
        mimeType: prescription.mediaType,
        signer: card.signer,
        certificate,
        signingTime: systemClock.now(),
      });
    const good = await party.validate(await sign(), systemClock.now());
    this.#narrator.expect('the prescription', good.indication, 'TOTAL-PASSED');
    const { body } = await cast.clerk.json('GET', `/api/v1/cards?serial=${card.serial}`);
    const { id, version } = body.items[0];
    // Statuses have whole seconds: within one, nothing has an order.
    await delay(1000 - (systemClock.now().getTime() % 1000) + 5);
    const lost = cast.clerk.json('POST', `/api/v1/cards/${id}/changes`, { action: 'lose', version });
    this.#narrator.expect('reported lost', await this.#status(lost), 200);
    const found = await party.validate(await sign(), systemClock.now());
    this.#narrator.expect(
      'whoever found it',
      [found.indication, found.subIndication],
      ['TOTAL-FAILED', 'REVOKED'],
    );
  }

  async #sign(card: SoftCard, certificate: Certificate, path: string, operation: string): Promise<string> {
    const { content = '' } = await this.#ticket(path, operation);
    const signed = { content: Buffer.from(content, 'base64'), signer: card.signer, certificate };
    return (await signCades(signed)).toString('base64');
  }

  /** What the service's ticket tells the agent to do. */
  async #ticket(path: string, operation: string): Promise<{ content?: string; certificates?: string[] }> {
    const { body } = await this.#options.cast.clerk.json('POST', `${path}/tickets`, { ...AGENT, operation });
    const payload = Buffer.from((body.ticket ?? '').split('.')[1] ?? '', 'base64url').toString('utf8');
    return (JSON.parse(payload) as { input: { content?: string; certificates?: string[] } }).input;
  }

  async #status(sent: Promise<{ status: number }>): Promise<number> {
    return (await sent).status;
  }
}
