import { createECDH, randomBytes } from 'node:crypto';
import type { ECDH } from 'node:crypto';
import { join } from 'node:path';

import type { Clock } from '../../core/clock.ts';
import { isObject } from '../../core/is-object.ts';
import { AgentError } from './agent-error.ts';
import { commitmentOf, pairingSecrets } from './pairing-secrets.ts';
import type { Conversation, Prompter } from './prompter.ts';
import { CounterWindow, isRequestGenuine } from './request-mac.ts';
import type { Authorization } from './request-mac.ts';
import { readState, writeState } from './state-file.ts';
import { readTicketKey } from './ticket.ts';
import type { TicketKey } from './ticket.ts';

/** A browser that was paired. */
export interface Pairing {
  id: string;
  key: Buffer;
  ticketKey: TicketKey | undefined;
}

export type PairingState = 'pending' | 'confirmed' | 'refused' | 'expired';

interface Attempt {
  ecdh: ECDH;
  commitment: string;
  ticketKey: TicketKey | undefined;
  conversation: Conversation;
  state: PairingState;
  isKeyShown: boolean;
  /** Milliseconds. */
  begun: number;
  /** Resolves when the state changes. */
  settled: Promise<void>;
  settle(): void;
}

interface StoredPairings {
  agentId: string;
  pairings: { id: string; key: string; ticketKey?: unknown }[];
}

/** Browsers of one workstation; the oldest goes for the next. */
const PAIRINGS_MAX = 20;
/** At once; each shows a prompt. */
const ATTEMPTS_MAX = 3;
const ATTEMPT_MILLISECONDS_MAX = 600_000;
/** How far a request may lie from this machine's clock, which is the browser's too. */
const TIME_MILLISECONDS_MAX = 120_000;
const POINT = /^[A-Za-z0-9_-]{87}$/;
const DIGEST = /^[A-Za-z0-9_-]{43}$/;

/** Who is paired with this agent, and who is about to be. */
export class Pairings {
  readonly agentId: string;
  readonly #path: string;
  readonly #origin: string;
  readonly #clock: Clock;
  readonly #prompter: Prompter;
  readonly #begun: number;
  readonly #paired: Pairing[];
  readonly #attempts = new Map<string, Attempt>();
  readonly #windows = new Map<string, CounterWindow>();

  private constructor(options: PairingsOptions, stored: StoredPairings) {
    this.#path = pathOf(options.stateFolder);
    this.#origin = options.origin;
    this.#clock = options.clock;
    this.#prompter = options.prompter;
    this.#begun = options.clock.now().getTime();
    this.agentId = stored.agentId;
    this.#paired = stored.pairings.map(({ id, key, ticketKey }) => ({
      id,
      key: Buffer.from(key, 'base64url'),
      ticketKey: readTicketKey(ticketKey),
    }));
  }

  /** Opens what is kept in the state folder, with a new agent id when there is none. */
  static async open(options: PairingsOptions): Promise<Pairings> {
    const path = pathOf(options.stateFolder);
    const stored = (await readState(path)) ?? {
      agentId: randomBytes(16).toString('base64url'),
      pairings: [],
    };
    if (!isObject(stored) || typeof stored.agentId !== 'string' || !Array.isArray(stored.pairings))
      throw new AgentError('agent-state-unreadable', `${path} is damaged; delete it, and pair again`);
    const pairings = new Pairings(options, stored as unknown as StoredPairings);
    await pairings.#store();
    return pairings;
  }

  /** The first step: the browser commits to its key, the agent shows its own. */
  begin(body: unknown): { pairingId: string; agentId: string; publicKey: string; promptUrl: string } {
    if (!isObject(body) || typeof body.commitment !== 'string' || !DIGEST.test(body.commitment))
      throw new AgentError('request-malformed', 'commitment is missing');
    const ticketKey = readTicketKey(body.ticketKey);
    if (body.ticketKey !== undefined && !ticketKey)
      throw new AgentError('request-malformed', 'ticketKey is no public Ed25519 JWK');
    this.#dropOld();
    const pending = [...this.#attempts.values()].filter(({ state }) => state === 'pending');
    if (pending.length >= ATTEMPTS_MAX)
      throw new AgentError('too-many', `${ATTEMPTS_MAX} pairings wait to be confirmed already`);
    const ecdh = createECDH('prime256v1');
    const publicKey = ecdh.generateKeys('base64url');
    const conversation = this.#prompter.open();
    let settle: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const pairingId = randomBytes(16).toString('base64url');
    const { commitment } = body;
    const attempt = { ecdh, commitment, ticketKey, conversation, isKeyShown: false, settled, settle };
    const begun = this.#clock.now().getTime();
    this.#attempts.set(pairingId, { ...attempt, begun, state: 'pending' });
    return { pairingId, agentId: this.agentId, publicKey, promptUrl: conversation.url };
  }

  /** The second: the browser shows the key that it committed to, and both sides show the code. */
  showKey(pairingId: string, body: unknown): void {
    const attempt = this.#attempt(pairingId);
    if (attempt.isKeyShown || attempt.state !== 'pending')
      throw new AgentError('pairing-unknown', 'the key of this pairing was shown before');
    attempt.isKeyShown = true;
    const { publicKey, nonce } = isObject(body) ? body : {};
    if (
      typeof publicKey !== 'string' ||
      !POINT.test(publicKey) ||
      typeof nonce !== 'string' ||
      !DIGEST.test(nonce)
    )
      throw this.#spoilt(attempt, 'request-malformed', 'publicKey or nonce is missing');
    const shown = { consoleKey: publicKey, nonce, ticketKey: attempt.ticketKey };
    if (commitmentOf(shown) !== attempt.commitment)
      throw this.#spoilt(attempt, 'pairing-commitment', 'the key is not the one that was committed to');
    const agentKey = attempt.ecdh.getPublicKey('base64url');
    const { code, key } = pairingSecrets(this.#shared(attempt, publicKey), {
      ...shown,
      origin: this.#origin,
      agentId: this.agentId,
      agentKey,
    });
    void this.#confirm(attempt, code, { id: pairingId, key, ticketKey: attempt.ticketKey });
  }

  /** Its state, as soon as it is settled, or after the wait. */
  async state(pairingId: string, wait: Promise<void>): Promise<PairingState> {
    const attempt = this.#attempt(pairingId);
    if (attempt.state === 'pending') await Promise.race([attempt.settled, wait]);
    return attempt.state;
  }

  /** The pairing whose key made a request; throws AgentError `agent-unpaired`, `request-stale` or `request-replayed`. */
  authorize(authorization: Authorization, request: { method: string; path: string; body: Buffer }): Pairing {
    const pairing = this.#paired.find(({ id }) => id === authorization.pairing);
    if (!pairing || !isRequestGenuine(pairing.key, authorization, request))
      throw new AgentError('agent-unpaired', 'the request is of no pairing that this agent knows');
    const now = this.#clock.now().getTime();
    // What was seen before this process began is not remembered, so nothing from then is taken.
    if (authorization.time < this.#begun || Math.abs(now - authorization.time) > TIME_MILLISECONDS_MAX)
      throw new AgentError('request-stale', 'the request is not of this time');
    let window = this.#windows.get(pairing.id);
    if (!window) this.#windows.set(pairing.id, (window = new CounterWindow()));
    if (!window.take(authorization.counter))
      throw new AgentError('request-replayed', 'the request was made before');
    return pairing;
  }

  async #confirm(attempt: Attempt, code: string, pairing: Pairing): Promise<void> {
    try {
      await attempt.conversation.ask({ kind: 'pairing', origin: this.#origin, code });
      while (this.#paired.length >= PAIRINGS_MAX) this.#paired.shift();
      this.#paired.push(pairing);
      await this.#store();
      attempt.state = 'confirmed';
      attempt.conversation.end('done');
    } catch (error) {
      attempt.state = error instanceof AgentError && error.code === 'prompt-expired' ? 'expired' : 'refused';
      attempt.conversation.end('refused');
    }
    attempt.settle();
  }

  #shared(attempt: Attempt, publicKey: string): Buffer {
    try {
      return attempt.ecdh.computeSecret(publicKey, 'base64url');
    } catch {
      throw this.#spoilt(attempt, 'request-malformed', 'publicKey is no point of P-256');
    }
  }

  #spoilt(attempt: Attempt, code: 'request-malformed' | 'pairing-commitment', detail: string): AgentError {
    attempt.state = 'refused';
    attempt.conversation.end('refused');
    attempt.settle();
    return new AgentError(code, detail);
  }

  /** A browser that went away after the first step leaves nothing to confirm. */
  #dropOld(): void {
    const oldest = this.#clock.now().getTime() - ATTEMPT_MILLISECONDS_MAX;
    for (const [id, attempt] of this.#attempts) {
      if (attempt.begun > oldest) continue;
      if (attempt.state === 'pending') attempt.conversation.end('prompt-expired');
      this.#attempts.delete(id);
      attempt.settle();
    }
  }

  #attempt(pairingId: string): Attempt {
    const attempt = this.#attempts.get(pairingId);
    if (!attempt) throw new AgentError('pairing-unknown', 'no such pairing was begun');
    return attempt;
  }

  async #store(): Promise<void> {
    const pairings = this.#paired.map(({ id, key, ticketKey }) => ({
      id,
      key: key.toString('base64url'),
      ...(ticketKey && { ticketKey }),
    }));
    await writeState(this.#path, { agentId: this.agentId, pairings } satisfies StoredPairings);
  }
}

export interface PairingsOptions {
  stateFolder: string;
  /** The only origin that is answered. */
  origin: string;
  clock: Clock;
  prompter: Prompter;
}

function pathOf(stateFolder: string): string {
  return join(stateFolder, 'pairings.json');
}
