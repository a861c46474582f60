import { SESSION_COOKIE } from '../../api/session-cookie.ts';
import { newId } from '../../core/ids.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { AT } from '../../pki/oid.ts';
import type { Office, Officer, Role } from '../../ra/officer.ts';
import { createLoginLink, signIn } from '../../ra/sign-in.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { memorySigner } from './memory-signer.ts';
import type { TestService } from './test-service.ts';

/** What answers of the card routes have that tests look at. */
export interface CardAnswer {
  id: string;
  code: string;
  detail: string;
  state: string;
  next: string;
  version: number;
  serial: string;
  ticket: string;
  officeId: string;
  url: string;
  ticketKey: { x: string };
  card: { id: string; serial: string; state: string; version: number };
  changes: { action: string; to: string; note?: string }[];
  certificates: { serialNumber: string; status: { kind: string } }[];
  items: (Omit<CardAnswer, 'items'> & {
    cards: number;
    kind: string;
    mediaType: string;
    certificate: string;
  })[];
}

/** Officers of a service at their cards, each with one session. */
export class CardDesk {
  readonly service: TestService;
  readonly #cookies = new Map<string, string>();

  constructor(service: TestService) {
    this.service = service;
  }

  /** Sends as an officer with the role, or with a cookie of somebody else. */
  async ask(role: Role | { cookie: string }, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
    const cookie = typeof role === 'string' ? await this.cookieOf(role) : role.cookie;
    const headers = { cookie };
    const answer = await this.service.app.inject({ method, url: `/api/v1${url}`, headers, payload });
    const body = answer.body === '' ? {} : answer.json<object>();
    return { status: answer.statusCode, body: body as CardAnswer };
  }

  /** The same, and throws unless it is done. */
  async done(...asked: Parameters<CardDesk['ask']>): Promise<CardAnswer> {
    const { status, body } = await this.ask(...asked);
    if (status >= 300) throw new Error(`${asked[1]} ${asked[2]}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Code of the refusal. */
  async refused(...asked: Parameters<CardDesk['ask']>): Promise<string> {
    const { status, body } = await this.ask(...asked);
    return status < 400 ? `${status}` : body.code;
  }

  async cookieOf(role: Role): Promise<string> {
    const cookie = this.#cookies.get(role) ?? (await this.service.cookieOf(role));
    this.#cookies.set(role, cookie);
    return cookie;
  }

  /** Sessions end after half an hour without use. */
  passTime(seconds: number): void {
    this.service.clock.advanceSeconds(seconds);
    this.#cookies.clear();
  }

  /** The demonstration office. */
  async officeId(): Promise<string> {
    return (await this.done('clerk', 'GET', '/sessions/current')).officeId;
  }

  /** A clerk of another office. */
  async stranger(): Promise<{ cookie: string; officeId: string }> {
    const { stores, services } = this.service.house;
    const now = services.clock.now();
    const office: Office = { id: newId(services.clock), kind: 'notary', name: 'another office' };
    const officer: Officer = {
      id: newId(services.clock),
      officeId: office.id,
      name: 'stranger',
      roles: ['clerk'],
    };
    await stores.database.transaction(async (tx) => {
      await stores.officers.insertOffice(tx, office, now);
      await stores.officers.insertOfficer(tx, officer, now);
    });
    const link = await createLoginLink(services.signIn, officer.id, { kind: 'operator', id: 'test' });
    const { sessionSecret } = await signIn(services.signIn, link);
    return { cookie: `${SESSION_COOKIE}=${sessionSecret}`, officeId: office.id };
  }

  /** Cards of a delivery, in the stock of an office. */
  async stock(serials: readonly string[], officeId?: string): Promise<void> {
    const delivery = { reference: `note ${serials[0]}`, cardType: 'test card', format: 'csv' };
    await this.done('ca-operator', 'POST', '/card-batches', { ...delivery, list: serials.join('\n') });
    const parcel = { officeId: officeId ?? (await this.officeId()), serials };
    await this.done('ca-operator', 'POST', '/cards/assignments', parcel);
  }

  async cardOf(serial: string): Promise<CardAnswer['card']> {
    const { items } = await this.done('ca-operator', 'GET', `/cards?serial=${serial}`);
    return items.find((one) => one.serial === serial)!;
  }

  /** An officer changes a card as it is now. */
  async change(role: Role, serial: string, action: string, more: object = {}) {
    const { id, version } = await this.cardOf(serial);
    return this.ask(role, 'POST', `/cards/${id}/changes`, { action, version, ...more });
  }
}

/** A key that plays the one on a card: what the agent would have the card do. */
export function cardKey() {
  const signer = memorySigner();
  return {
    signer,
    request: async () =>
      (await makeCertificationRequest(signer, [{ type: AT.commonName, value: 'card' }])).toString('base64'),
    sign: async (content: string, certificate: Certificate) =>
      (await signCades({ content: Buffer.from(content, 'base64'), signer, certificate })).toString('base64'),
  };
}

export interface TicketPayload {
  iss: string;
  aud: string;
  jti: string;
  iat: number;
  exp: number;
  officerId: string;
  sessionId: string;
  operation: string;
  input: { cardSerial: string; content: string; certificates: string[]; keyType: string; purpose: string };
}

export function payloadOf(ticket: string): TicketPayload {
  return JSON.parse(Buffer.from(ticket.split('.')[1], 'base64url').toString('utf8')) as TicketPayload;
}

/** What an agent reads back after it has written the certificates of a ticket, and the first of them. */
export function written({ input }: TicketPayload): { readBack: string[]; leaf: Certificate } {
  const certificates = input.certificates.map((one) => Buffer.from(one, 'base64'));
  return {
    readBack: certificates.map((one) => digest('sha256', one).toString('hex')),
    leaf: parseCertificate(certificates[0]),
  };
}
