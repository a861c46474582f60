import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { loadSource } from './load-source.ts';

/** Without the headers of the console. */
const plainFetch = globalThis.fetch;

/** Which console speaks to which agent. */
const originOf = new Map<string, string>();

/** As a browser sends it from the page of a console. */
const asBrowser: typeof fetch = (input, init) => {
  const origin = originOf.get(new URL(input).origin) ?? 'null';
  return plainFetch(input, { ...init, headers: { ...(init?.headers as object), origin } });
};

/** What of web/client/card-agent.ts the tests use; the file itself is written for browsers, whose types are not known here. */
export interface BrowserAgent {
  agentId: string;
  describe(): Promise<{ agentId: string; name: string; version: string }>;
  run(operation: string, ticket: string, options?: BrowserRunOptions): Promise<Record<string, unknown>>;
  sign(request: object, options?: BrowserRunOptions): Promise<{ signature: string; certificate: string }>;
}

interface BrowserRunOptions {
  onProgress?(progress: { state: string; step: string; promptUrl?: string }): void;
  signal?: AbortSignal;
}

interface BrowserClient {
  offerPairing(
    place: object,
    ticketKey?: object,
  ): Promise<{ code: string; promptUrl: string; confirmed(): Promise<BrowserAgent> }>;
  pairedAgent(place: object): Promise<BrowserAgent | undefined>;
}

/** What somebody types at a prompt; `refuse` presses the other button. */
export type Typed = Readonly<Record<string, string>> | 'refuse';

/** The console in a browser, as far as the agent can tell: its own client, with a browser's headers. */
export class AgentConsole {
  readonly origin: string;
  readonly place: { url: string; pairings: object };
  readonly ticketKey: object;
  readonly #ticketSigner: KeyObject;
  readonly #client: BrowserClient;

  private constructor(origin: string, url: string, client: BrowserClient) {
    this.origin = origin;
    this.place = { url, pairings: memoryPairings() };
    this.#client = client;
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.ticketKey = publicKey.export({ format: 'jwk' });
    this.#ticketSigner = privateKey;
  }

  static async open(origin: string, url: string): Promise<AgentConsole> {
    originOf.set(new URL(url).origin, origin);
    globalThis.fetch = asBrowser;
    const client = await loadSource<BrowserClient>(
      new URL('../../web/client/card-agent.ts', import.meta.url),
    );
    return new AgentConsole(origin, url, client);
  }

  offer(withTicketKey = true): ReturnType<BrowserClient['offerPairing']> {
    Object.assign(globalThis, { location: { origin: this.origin } });
    return this.#client.offerPairing(this.place, withTicketKey ? this.ticketKey : undefined);
  }

  /** Pairs, comparing the codes as a person does. */
  async pair(withTicketKey = true): Promise<BrowserAgent> {
    const offer = await this.offer(withTicketKey);
    const page = await promptText(offer.promptUrl);
    if (!page.includes(`<p class="code">${offer.code}</p>`)) throw new Error('the codes differ');
    await answerPrompt(offer.promptUrl, {});
    return offer.confirmed();
  }

  again(): Promise<BrowserAgent | undefined> {
    return this.#client.pairedAgent(this.place);
  }

  /** A ticket as the service makes them, with other claims where they are given. */
  ticket(agentId: string, operation: string, input: object, claims: object = {}, key?: KeyObject): string {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      ...{
        iss: this.origin,
        aud: agentId,
        jti: randomBytes(16).toString('base64url'),
        iat: now,
        exp: now + 120,
      },
      ...{ officerId: 'officer-1', sessionId: 'session-1', operation, input, ...claims },
    };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'EdDSA' })}.${part(payload)}`;
    return `${signed}.${sign(null, Buffer.from(signed), key ?? this.#ticketSigner).toString('base64url')}`;
  }

  /** Runs an operation with a fresh ticket; each prompt is answered by the next of what is typed. */
  run(
    agent: BrowserAgent,
    operation: string,
    input: object,
    typed: Typed[] = [],
  ): Promise<Record<string, unknown>> {
    return this.runTicket(agent, operation, this.ticket(agent.agentId, operation, input), typed);
  }

  runTicket(
    agent: BrowserAgent,
    operation: string,
    ticket: string,
    typed: Typed[] = [],
    onStep: (progress: { step: string }) => unknown = () => undefined,
  ): Promise<Record<string, unknown>> {
    const answers = [...typed];
    return agent.run(operation, ticket, {
      onProgress: ({ promptUrl, step }) => {
        onStep({ step });
        if (promptUrl !== undefined && answers.length > 0) void answerAll(promptUrl, answers.splice(0));
      },
    });
  }
}

/** Answers one question after the other on the same page, as it asks them. */
async function answerAll(promptUrl: string, typed: readonly Typed[]): Promise<void> {
  let answered = '';
  for (const next of typed) {
    let form = '';
    while (form === '' || form === answered) {
      const page = await promptText(promptUrl);
      if (page.includes('Close this window')) return;
      form = formOf(page);
    }
    answered = form;
    await sendForm(promptUrl, form, next);
  }
}

/** The page of a prompt, as a browser navigates to it. */
export async function promptText(promptUrl: string): Promise<string> {
  return (await promptResponse(promptUrl)).text();
}

export function promptResponse(promptUrl: string, headers: Record<string, string> = {}): Promise<Response> {
  return plainFetch(promptUrl, {
    headers: { 'sec-fetch-dest': 'document', 'accept-language': 'en', ...headers },
  });
}

/** Fills in the form that a prompt shows, and sends it. */
export async function answerPrompt(promptUrl: string, typed: Typed): Promise<Response> {
  return sendForm(promptUrl, formOf(await promptText(promptUrl)), typed);
}

function formOf(page: string): string {
  return /name="form" value="([\w-]+)"/.exec(page)?.[1] ?? '';
}

function sendForm(promptUrl: string, form: string, typed: Typed): Promise<Response> {
  const fields = typed === 'refuse' ? { act: 'refuse' } : { act: 'accept', ...typed };
  return plainFetch(promptUrl, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: new URL(promptUrl).origin },
    body: new URLSearchParams({ form, ...fields }),
  });
}

function memoryPairings(): object {
  const pairings = new Map<string, { agentUrl: string }>();
  let counter = 0;
  return {
    get: async (url: string) => pairings.get(url),
    put: async (pairing: { agentUrl: string }) => void pairings.set(pairing.agentUrl, pairing),
    remove: async (url: string) => void pairings.delete(url),
    nextCounter: async () => (counter += 1),
  };
}
