import { request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { isIP } from 'node:net';

import type { Clock } from '../core/clock.ts';
import { isPublicAddress } from '../messages/public-address.ts';
import { onlyTo } from '../messages/guarded-lookup.ts';
import type { RevocationSource } from '../validation/revocation/revocation-source.ts';

export interface HttpRevocationSourceOptions {
  /**
   * Who may be asked, as `host` or `host:port`, e.g. of a national PKI's other authorities. `any`, with addresses in numbers too: only
   * for somebody who asks about certificates of their own.
   */
  hosts: readonly string[] | 'any';
  clock: Clock;
  /** Told why nothing was fetched; validation goes on without it. */
  onFault?: (cause: unknown) => void;
  /** Whether a name of an allowed host may stand for this address. */
  isAllowedAddress?: (address: string) => boolean;
  octetsMax?: number;
  timeoutMilliseconds?: number;
}

/** Ten times the CRL of a large authority. */
const OCTETS_MAX = 10_485_760;
const TIMEOUT_MILLISECONDS = 5_000;

/** So long an answer, or its lack, is kept: whoever sends many signatures causes no more requests than one. */
const KEPT_MILLISECONDS = 60_000;
const KEPT_MAX = 20;

/**
 * Asks allowed hosts over plain HTTP, as RFC 5280 §8 and RFC 6960 appendix A have it: what comes back is signed. Follows no
 * redirect, and connects to no address that is not public, whatever the name resolves to at that moment.
 */
export class HttpRevocationSource implements RevocationSource {
  readonly #options: Required<Omit<HttpRevocationSourceOptions, 'onFault'>>;
  readonly #onFault: (cause: unknown) => void;
  readonly #hosts: ReadonlySet<string> | 'any';
  readonly #kept = new Map<string, { until: number; answer: Promise<Buffer | undefined> }>();

  constructor({ onFault = () => undefined, ...options }: HttpRevocationSourceOptions) {
    this.#options = {
      isAllowedAddress: isPublicAddress,
      octetsMax: OCTETS_MAX,
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      ...options,
    };
    this.#onFault = onFault;
    const { hosts } = options;
    this.#hosts = hosts === 'any' ? hosts : new Set(hosts.map((host) => host.toLowerCase()));
  }

  crl(uri: string): Promise<Buffer | undefined> {
    return this.#keep(`GET ${uri}`, () => this.#ask(uri, { method: 'GET' }));
  }

  ocsp(uri: string, request: Buffer): Promise<Buffer | undefined> {
    const headers = { 'content-type': 'application/ocsp-request', 'content-length': request.length };
    const key = `POST ${uri} ${request.toString('base64')}`;
    return this.#keep(key, () => this.#ask(uri, { method: 'POST', headers }, request));
  }

  #keep(key: string, ask: () => Promise<Buffer | undefined>): Promise<Buffer | undefined> {
    const now = this.#options.clock.now().getTime();
    const kept = this.#kept.get(key);
    if (kept && now < kept.until) return kept.answer;
    this.#kept.delete(key);
    if (this.#kept.size >= KEPT_MAX)
      for (const oldest of [...this.#kept.keys()].slice(0, 1)) this.#kept.delete(oldest);
    const answer = ask().catch((cause: unknown) => {
      this.#onFault(cause);
      return undefined;
    });
    this.#kept.set(key, { until: now + KEPT_MILLISECONDS, answer });
    return answer;
  }

  async #ask(uri: string, options: RequestOptions, body?: Buffer): Promise<Buffer | undefined> {
    if (!this.#isAllowed(uri)) return undefined;
    const { octetsMax, timeoutMilliseconds, isAllowedAddress } = this.#options;
    const response = await responseTo(
      uri,
      {
        ...options,
        agent: false,
        lookup: onlyTo(isAllowedAddress),
        signal: AbortSignal.timeout(timeoutMilliseconds),
      },
      body,
    );
    if (response.statusCode !== 200) {
      response.destroy();
      throw new Error(`${uri} answers ${response.statusCode}`);
    }
    return octetsOf(response, octetsMax);
  }

  /** An address in numbers is not looked up, so that nothing could be said of it: names only. */
  #isAllowed(uri: string): boolean {
    if (!URL.canParse(uri)) return false;
    const { protocol, host, hostname, username, password } = new URL(uri);
    if (protocol !== 'http:' || username !== '' || password !== '') return false;
    if (this.#hosts === 'any') return true;
    return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 && this.#hosts.has(host.toLowerCase());
  }
}

function responseTo(uri: string, options: RequestOptions, body?: Buffer): Promise<IncomingMessage> {
  return new Promise((settle, fail) => {
    const request = httpRequest(uri, options, settle);
    request.on('error', fail);
    request.end(body);
  });
}

async function octetsOf(response: IncomingMessage, octetsMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    octets += chunk.length;
    // Leaving the loop destroys the response.
    if (octets > octetsMax) throw new Error(`an answer of more than ${octetsMax} octets`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
