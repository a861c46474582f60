import { CardAgentError, isFailureBody } from './card-agent-error.ts';
import { offeredKey, pairingCode, pairingSecrets, transcriptOf } from './card-agent-pairing.ts';
import { authorizationOf, isAnswerGenuine } from './card-agent-mac.ts';
import type { CardOperations, OperationName } from './card-agent-operations.ts';
import type { PairingStore, StoredPairing } from './pairing-store.ts';

/** Where an agent listens, and how this page keeps its pairing. */
export interface AgentPlace {
  /** E.g. `http://127.0.0.1:28447`, without a slash at the end. */
  url: string;
  pairings: PairingStore;
}

/** A pairing that the person at the agent has not confirmed yet. */
export interface PairingOffer {
  /** Six digits; the agent's prompt shows the same. */
  code: string;
  /** The agent's own page, to be opened in a window of its own. */
  promptUrl: string;
  /** Resolves when it is confirmed at the agent; rejects with CardAgentError `pairing-refused` or `pairing-expired`. */
  confirmed(signal?: AbortSignal): Promise<CardAgent>;
}

export interface AgentDescription {
  agentId: string;
  name: string;
  version: string;
}

/** What an operation tells while it runs. */
export interface Progress {
  /** `waiting`: for somebody at the agent's prompt or at the reader. */
  state: 'running' | 'waiting';
  /** Code of the step, e.g. `card`, `pin`, `key`, `write`, `read-back`, `signature`. */
  step: string;
  /** There while somebody has to type something: the agent's own page, to be opened in a window of its own. */
  promptUrl?: string;
}

export interface RunOptions {
  onProgress?(progress: Progress): void;
  /** Stops following it; the agent goes on, and `resume` follows it again. */
  signal?: AbortSignal;
}

interface OperationBody {
  operationId: string;
  state: 'running' | 'waiting' | 'done' | 'failed';
  step: string;
  promptUrl?: string;
  result?: unknown;
  error?: { code: string; detail: string };
}

/** The agent holds a poll for 20 s at most. */
const MILLISECONDS_MAX = 30_000;

/**
 * Offers the agent a pairing. `ticketKey` is the public JWK (Ed25519) of the service's ticket key, which the agent pins; a
 * holder's agent takes none.
 * Throws CardAgentError.
 */
export async function offerPairing(place: AgentPlace, ticketKey?: JsonWebKey): Promise<PairingOffer> {
  const key = await offeredKey(ticketKey);
  const offered = await call<{ pairingId: string; agentId: string; publicKey: string; promptUrl: string }>(
    place,
    { method: 'POST', path: '/v1/pairings', body: { commitment: key.commitment, ticketKey } },
  );
  const path = `/v1/pairings/${encodeURIComponent(offered.pairingId)}`;
  // Only now, when the agent's key cannot change any more, is ours shown.
  await call(place, {
    method: 'POST',
    path: `${path}/key`,
    body: { publicKey: key.publicKey, nonce: key.nonce },
  });
  const transcript = await transcriptOf({
    origin: location.origin,
    agentId: offered.agentId,
    console: key,
    agentKey: offered.publicKey,
    ticketKey,
  });
  const secrets = await pairingSecrets(key.privateKey, offered.publicKey, transcript);
  const pairing: StoredPairing = {
    agentUrl: place.url,
    pairingId: offered.pairingId,
    agentId: offered.agentId,
    key: secrets.key,
  };
  return {
    code: pairingCode(secrets.code),
    promptUrl: offered.promptUrl,
    confirmed: async (signal) => {
      await untilConfirmed(place, path, signal);
      await place.pairings.put(pairing);
      return new CardAgent(place, pairing);
    },
  };
}

/** The agent that this browser is paired with at this address; undefined when there is none. */
export async function pairedAgent(place: AgentPlace): Promise<CardAgent | undefined> {
  const pairing = await place.pairings.get(place.url);
  return pairing && new CardAgent(place, pairing);
}

/** A paired agent. Its methods throw CardAgentError. */
export class CardAgent {
  readonly agentId: string;
  readonly #place: AgentPlace;
  readonly #pairing: StoredPairing;

  constructor(place: AgentPlace, pairing: StoredPairing) {
    this.agentId = pairing.agentId;
    this.#place = place;
    this.#pairing = pairing;
  }

  /** Who answers, and whether it still knows this pairing (`agent-unpaired` when not). */
  describe(signal?: AbortSignal): Promise<AgentDescription> {
    return this.#call('GET', '/v1/agent', undefined, signal);
  }

  /**
   * Gives the agent a ticket of the service, and follows the operation to its end. A failure at the card is a CardAgentError
   * with the agent's code. The same ticket may be given again after a connection that broke: it runs once.
   */
  async run<Name extends OperationName>(
    _operation: Name,
    ticket: string,
    options: RunOptions = {},
  ): Promise<CardOperations[Name]['result']> {
    const begun = await this.#call<OperationBody>('POST', '/v1/operations', { ticket }, options.signal);
    return (await this.#follow(begun, options)) as CardOperations[Name]['result'];
  }

  /** Holder mode: asks for a CAdES signature over content (base64) that the agent shows as `display`. */
  async sign(
    request: { content: string; display: string; mimeType?: string; detached?: boolean },
    options: RunOptions = {},
  ): Promise<{ signature: string; certificate: string }> {
    const begun = await this.#call<OperationBody>('POST', '/v1/signatures', request, options.signal);
    return (await this.#follow(begun, options)) as { signature: string; certificate: string };
  }

  /** Forgets the pairing in this browser. */
  async forget(): Promise<void> {
    await this.#place.pairings.remove(this.#place.url);
  }

  async #follow(begun: OperationBody, { onProgress, signal }: RunOptions): Promise<unknown> {
    let operation = begun;
    for (;;) {
      const { state, step, promptUrl } = operation;
      if (state === 'done') return operation.result;
      if (state === 'failed') {
        const { code, detail } = operation.error ?? { code: 'agent-failed', detail: '' };
        throw new CardAgentError(code, detail);
      }
      onProgress?.({ state, step, ...(promptUrl !== undefined && { promptUrl }) });
      const seen = new URLSearchParams({ state, step }).toString();
      const path = `/v1/operations/${encodeURIComponent(operation.operationId)}?${seen}`;
      operation = await this.#call<OperationBody>('GET', path, undefined, signal);
    }
  }

  async #call<T>(method: 'GET' | 'POST', path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const { pairings, url } = this.#place;
    const text = body === undefined ? '' : JSON.stringify(body);
    const counter = await pairings.nextCounter(url);
    const signed = await authorizationOf(this.#pairing, { method, path, body: text, counter });
    const response = await send(this.#place, { method, path, text, authorization: signed.header, signal });
    const answer = await response.text();
    if (response.ok && !(await isAnswerGenuine(this.#pairing.key, signed.mac, response, answer)))
      throw new CardAgentError('agent-not-genuine', 'what answers at this address is not the paired agent');
    return read<T>(response, answer);
  }
}

async function untilConfirmed(place: AgentPlace, path: string, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const { state } = await call<{ state: 'pending' | 'confirmed' | 'refused' | 'expired' }>(place, {
      method: 'GET',
      path,
      signal,
    });
    if (state === 'confirmed') return;
    if (state !== 'pending')
      throw new CardAgentError(`pairing-${state}`, `the pairing was ${state} at the agent`);
  }
}

interface Unsigned {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  signal?: AbortSignal;
}

async function call<T>(place: AgentPlace, { method, path, body, signal }: Unsigned): Promise<T> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const response = await send(place, { method, path, text, signal });
  return read<T>(response, await response.text());
}

async function send(
  { url }: AgentPlace,
  request: { method: string; path: string; text: string; authorization?: string; signal?: AbortSignal },
): Promise<Response> {
  const { method, path, text, authorization, signal } = request;
  const timeout = AbortSignal.timeout(MILLISECONDS_MAX);
  try {
    return await fetch(`${url}${path}`, {
      method,
      mode: 'cors',
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      headers: {
        ...(text !== '' && { 'content-type': 'application/json' }),
        ...(authorization !== undefined && { authorization }),
      },
      ...(text !== '' && { body: text }),
    });
  } catch (error) {
    // The page itself has lost interest.
    if (signal?.aborted) throw error;
    throw new CardAgentError('agent-absent', 'no agent answers at this address', error);
  }
}

function read<T>(response: Response, text: string): T {
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  if (response.ok) return body as T;
  if (isFailureBody(body)) throw new CardAgentError(body.code, body.detail);
  throw new CardAgentError('agent-refused', `the agent answers ${response.status}`);
}
