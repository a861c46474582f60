// Stands in for the Medical Council, the civil registry and Shahkar: on the loopback address, and with people who do not exist.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import { parseNationalId } from '../../core/national-id.ts';
import { LICENCE_EVENTS } from '../../ra/licence/licence-event.ts';
import type { LicenceEvent } from '../../ra/licence/licence-event.ts';
import { REGISTERS } from '../../ra/registers/register.ts';
import type { RegisterName } from '../../ra/registers/register.ts';
import { JWS_TYPES, SIGNATURE_HEADER, signDetachedJws } from '../../registers/detached-jws.ts';
import { parseObject } from '../../registers/register-protocol.ts';
import { answerFor } from './answer-question.ts';
import type { LicenceLog, LicenceLogItem } from './licence-log.ts';
import { FAULT_KINDS, FAULT_PLACES, PlannedFaults } from './planned-fault.ts';
import type { PlannedFault } from './planned-fault.ts';
import type { Population } from './population.ts';
import { syntheticDoctor } from './registered-person.ts';
import { makeRegisterKeys, publicKeysOf } from './register-keys.ts';
import type { RegisterKeys } from './register-keys.ts';

export interface DevelopmentRegistersOptions {
  population: Population;
  keys: RegisterKeys;
  licences: LicenceLog;
  clock: Clock;
  /** Where licence messages are delivered at once; absent: they are read from the feed. */
  webhook?: string;
  /** Absent: a free one. */
  port?: number;
}

const HOST = '127.0.0.1';
const BODY_OCTETS_MAX = 16 * 1024;
const TRICKLE_MILLISECONDS = 20;
const OVERSIZE_OCTETS = 128 * 1024;
const PAGE_ITEMS_MAX = 100;
const DOCTORS_SHOWN = 20;

interface Reply {
  status?: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** The three registers, the licence feed, and what plans faults and events, behind one HTTP server. */
export class DevelopmentRegisters {
  readonly faults = new PlannedFaults();
  readonly #options: DevelopmentRegistersOptions;
  readonly #server: Server;

  private constructor(options: DevelopmentRegistersOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Throws DomainError `address-unavailable`. */
  static async listen(options: DevelopmentRegistersOptions): Promise<DevelopmentRegisters> {
    const registers = new DevelopmentRegisters(options);
    const { port = 0 } = options;
    registers.#server.listen(port, HOST);
    try {
      await once(registers.#server, 'listening');
    } catch (cause) {
      throw new DomainError('address-unavailable', `cannot listen on ${HOST}:${port}`, { cause });
    }
    return registers;
  }

  get url(): string {
    return `http://${HOST}:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** The Council says something of a licence; returns the message, and what the webhook answered. */
  async announce(nationalId: string, event: LicenceEvent, orderNumber?: string) {
    const { population, licences, webhook } = this.#options;
    const person = population.find(parseNationalId(nationalId));
    if (!person) throw new DomainError('person-unknown', 'nobody here has this national id');
    const item = await licences.issue(person, event, orderNumber);
    return { item, ...(webhook !== undefined && { delivery: await this.#deliver(webhook, item) }) };
  }

  async #deliver(webhook: string, { message }: LicenceLogItem) {
    const signature = await this.#options.licences.sign(message, this.#options.clock.now());
    const headers = { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature };
    try {
      const response = await fetch(webhook, { method: 'POST', headers, body: message });
      return { status: response.status, body: await response.json() };
    } catch {
      return { status: 0, body: 'the webhook did not answer: the message stands in the feed' };
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const reply = await this.#route(request, response);
      if (reply) send(response, reply);
    } catch (error) {
      const isRefusal = error instanceof DomainError;
      send(response, { status: isRefusal ? 422 : 500, body: { error: isRefusal ? error.detail : 'a bug' } });
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const register = REGISTERS.find((name) => pathname === `/${name}`);
    switch (`${request.method} ${register ? '/<register>' : pathname}`) {
      case 'POST /<register>':
        return this.#answer(register!, request, response);
      case 'GET /licence-events':
        return this.#feed(searchParams, response);
      case 'GET /keys':
        return { body: publicKeysOf(this.#options.keys) };
      case 'GET /development/doctors':
        return { body: this.#doctors(Number(searchParams.get('from') ?? 0)) };
      case 'POST /development/licence-events':
        return { status: 201, body: await this.#announceFor(await bodyOf(request)) };
      case 'PUT /development/faults':
        return { body: this.#plan(await bodyOf(request)) };
      default:
        return { status: 404, body: { error: 'nothing is here' } };
    }
  }

  async #answer(
    register: RegisterName,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Reply | undefined> {
    const question = await bodyOf(request);
    const fault = this.faults.strike(register);
    if (fault && !(await passes(fault, response))) return undefined;
    const answer = answerFor(register, question, (id) => this.#find(id));
    if (fault?.kind === 'foreign') answer['requestId'] = '00000000-0000-4000-8000-000000000000';
    if (fault?.kind === 'malformed') answer['entry'] = { nationalId: 'nobody' };
    const text = fault?.kind === 'garbage' ? '\u0000<html>it works!' : JSON.stringify(answer);
    const keys = fault?.kind === 'wrong-key' ? makeRegisterKeys() : this.#options.keys;
    const signature = await signDetachedJws(Buffer.from(text), keys[register], JWS_TYPES.answer);
    const body = Buffer.from(text);
    return fault?.kind === 'unsigned' ? { body } : { body, headers: { [SIGNATURE_HEADER]: signature } };
  }

  #find(nationalId: Parameters<Population['find']>[0]) {
    const person = this.#options.population.find(nationalId);
    return person && this.#options.licences.apply(person);
  }

  async #feed(query: URLSearchParams, response: ServerResponse): Promise<Reply | undefined> {
    const fault = this.faults.strike('licence-feed');
    if (fault && !(await passes(fault, response))) return undefined;
    if (fault?.kind === 'garbage') return { body: Buffer.from('\u0000<html>it works!') };
    const limit = Math.min(Number(query.get('limit')) || PAGE_ITEMS_MAX, PAGE_ITEMS_MAX);
    return { body: this.#options.licences.page(query.get('after') ?? undefined, limit) };
  }

  #doctors(from: number) {
    if (!Number.isInteger(from) || from < 0 || from > 999_000)
      throw new DomainError('number-malformed', 'from is not an integer from 0 to 999000');
    return {
      items: Array.from({ length: DOCTORS_SHOWN }, (_, index) =>
        this.#find(syntheticDoctor(from + index).nationalId),
      ),
    };
  }

  #announceFor({ nationalId, event, orderNumber }: Record<string, unknown>) {
    const known = LICENCE_EVENTS.find((one) => one === event);
    if (typeof nationalId !== 'string' || !known)
      throw new DomainError(
        'text-malformed',
        `expected nationalId, and an event of ${LICENCE_EVENTS.join(', ')}`,
      );
    return this.announce(nationalId, known, typeof orderNumber === 'string' ? orderNumber : undefined);
  }

  #plan({ register, fault }: Record<string, unknown>) {
    const place = FAULT_PLACES.find((one) => one === register);
    const planned = fault as PlannedFault | null | undefined;
    if (!place) throw new DomainError('text-malformed', `register is none of ${FAULT_PLACES.join(', ')}`);
    if (planned && !FAULT_KINDS.includes(planned.kind))
      throw new DomainError('text-malformed', `kind is none of ${FAULT_KINDS.join(', ')}`);
    this.faults.plan(place, planned ?? undefined);
    return { register: place, fault: planned ?? null };
  }
}

/** Does what keeps an answer from coming; true when one comes all the same. */
async function passes(fault: PlannedFault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'delay':
      await wait(fault.milliseconds ?? 0);
      return true;
    case 'status':
      send(response, { status: fault.status ?? 500, body: { error: 'as it was planned' } });
      return false;
    case 'hang':
      return false;
    case 'trickle':
      trickle(response);
      return false;
    case 'reset':
      response.destroy();
      return false;
    case 'oversize':
      send(response, { body: Buffer.alloc(OVERSIZE_OCTETS, ' ') });
      return false;
    default:
      return true;
  }
}

/** An octet now and then, which keeps those alive who only wait for the next one. */
function trickle(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), TRICKLE_MILLISECONDS);
  response.on('close', () => clearInterval(timer));
}

function send(response: ServerResponse, { status = 200, body, headers = {} }: Reply): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
}

/** JSON only: what a page of another site can make a browser send is none. */
async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new DomainError('text-malformed', 'expected application/json');
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    octets += chunk.length;
    if (octets > BODY_OCTETS_MAX)
      throw new DomainError('text-malformed', `more than ${BODY_OCTETS_MAX} octets`);
    chunks.push(chunk);
  }
  const value = parseObject(Buffer.concat(chunks));
  if (!value) throw new DomainError('text-malformed', 'expected a JSON object');
  return value;
}
