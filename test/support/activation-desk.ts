import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { AT } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { sendMessages } from '../../ra/messages/send-messages.ts';
import type { Role } from '../../ra/officer.ts';
import { applicationBody } from './applications.ts';
import { approve } from './approve.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';
import type { TestService } from './test-service.ts';

export interface DeskAnswer {
  id: string;
  code: string;
  state: string;
  version: number;
  delivery: string;
  triesLeft: number;
  isDeskSecretShown: boolean;
  codeChannel?: string;
  deskSecret?: string;
  letterCode?: string;
  document: { certificate: Record<string, unknown> };
  activation: { id: string; state: string; triesLeft: number };
  application: { state: string };
  certificate: { certificate: string; sha256: string };
  items: { certificate: string }[];
}

interface CardOf {
  /** Null: none is known. */
  mobile?: string | null;
  signer?: MemorySigner;
}

/** An office that files, approves and activates over HTTP, and the phone of whoever gets its messages. */
export class ActivationDesk {
  readonly service: TestService;
  /** What was sent, newest last. */
  readonly texts: string[] = [];

  constructor(service: TestService) {
    this.service = service;
  }

  async ask(role: Role, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) {
    const headers = { cookie: await this.service.cookieOf(role) };
    const answer = await this.service.app.inject({ method, url: `/api/v1${url}`, headers, payload });
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() } as {
      status: number;
      body: DeskAnswer;
    };
  }

  /** Files an application for a phone, whose holder's number is known unless it is said otherwise. */
  async filePhone({ mobile = '09990000001', ...override }: Record<string, unknown> = {}) {
    const { certificationRequest: _, ...body } = await applicationBody({ delivery: 'phone', ...override });
    const filed = await this.file(body);
    if (mobile !== null) await this.take(filed, { mobile });
    return { id: filed, applicant: body.applicant };
  }

  /** Files an application with the key of a card. */
  async fileCard({ mobile = '09990000001', signer = memorySigner() }: CardOf = {}) {
    const body = await applicationBody({ delivery: 'card', profile: 'signing-card' }, signer);
    const id = await this.file(body);
    if (mobile !== null) await this.take(id, { mobile });
    return { id, applicant: body.applicant, signer };
  }

  async file(body: object): Promise<string> {
    const filed = await this.ask('clerk', 'POST', '/applications', body);
    if (filed.status !== 201) throw new Error(JSON.stringify(filed));
    return filed.body.id;
  }

  async take(id: string, contact: object): Promise<void> {
    const taken = await this.ask('clerk', 'PUT', `/applications/${id}/contact`, contact);
    if (taken.status !== 200) throw new Error(JSON.stringify(taken));
  }

  async approve(id: string) {
    return approve(this.service.app, await this.service.cookieOf('approving-officer'), id);
  }

  /** Approves, and reads the message that goes out. */
  async approveAndRead(id: string): Promise<string> {
    const approved = await this.approve(id);
    if (approved.status !== 200) throw new Error(JSON.stringify(approved));
    return this.code();
  }

  /** Of the newest message. */
  async code(): Promise<string> {
    await this.send();
    return /[0-9]{8}/.exec(this.texts.at(-1)!)![0];
  }

  async send(): Promise<number> {
    const send = async ({ text }: { text: string }) => {
      this.texts.push(text);
      return 'taken' as const;
    };
    return sendMessages({
      ...this.service.house.services.selfService,
      messengers: { sms: { send }, email: { send } },
      onMessageFailure: (error) => {
        throw error;
      },
    });
  }

  async deskSecret(id: string): Promise<string> {
    const shown = await this.renew(id, 'desk-secret');
    if (shown.status !== 201) throw new Error(JSON.stringify(shown));
    return shown.body.deskSecret!;
  }

  renew(id: string, renew: string, role: Role = 'clerk') {
    return this.ask(role, 'POST', `/applications/${id}/activation-codes`, { renew });
  }

  activate(id: string, input: object, role: Role = 'clerk') {
    return this.ask(role, 'POST', `/applications/${id}/activation`, input);
  }

  standing(id: string) {
    return this.ask('clerk', 'GET', `/applications/${id}/activation`);
  }

  async events(id: string): Promise<string[]> {
    const rows = await this.service.house.stores.database.query<{ action: string; outcome: string }>({
      text: `select action, outcome from audit_event where subject = $1 and action like '%activat%' order by id`,
      values: [`application:${id}`],
    });
    return rows.map(({ action, outcome }) => (outcome === 'accepted' ? action : `${action} ${outcome}`));
  }
}

/** PKCS#10, PEM, as a phone makes it. */
export async function requestOfPhone(signer: MemorySigner = memorySigner()): Promise<string> {
  return encodePem(
    'CERTIFICATE REQUEST',
    await makeCertificationRequest(signer, [{ type: AT.commonName, value: 'phone' }]),
  );
}
