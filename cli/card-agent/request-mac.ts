// The browser's side: web/client/card-agent-mac.ts.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { AgentError } from './agent-error.ts';

/** The `Authorization` of a request, read. */
export interface Authorization {
  pairing: string;
  /** Milliseconds. */
  time: number;
  counter: number;
  mac: string;
}

const HEADER =
  /^Mohr-Agent pairing=([A-Za-z0-9_-]{1,64}), time=(\d{1,15}), counter=(\d{1,15}), mac=([A-Za-z0-9_-]{43})$/;

/** Throws AgentError `agent-unpaired` for anything else. */
export function readAuthorization(header: string | undefined): Authorization {
  const match = HEADER.exec(header ?? '');
  if (!match) throw new AgentError('agent-unpaired', 'the request is of no pairing');
  const [, pairing, time, counter, mac] = match;
  return { pairing, time: Number(time), counter: Number(counter), mac };
}

/** Whether a request was made by who holds the key of the pairing. */
export function isRequestGenuine(
  key: Buffer,
  { time, counter, mac }: Authorization,
  { method, path, body }: { method: string; path: string; body: Buffer },
): boolean {
  const lines = ['mohr request', method, path, hexSha256(body), String(time), String(counter)];
  return timingSafeEqual(hmac(key, lines), Buffer.from(mac, 'base64url'));
}

/** What shows the browser that its answer comes from the paired agent. */
export function answerMac(key: Buffer, requestMac: string, status: number, body: string): string {
  return hmac(key, ['mohr answer', requestMac, String(status), hexSha256(Buffer.from(body))]).toString(
    'base64url',
  );
}

/** How many numbers below the highest may still come: tabs and polls overtake each other. */
const WINDOW = 64;

/** The numbers of a pairing that were used since the agent began. */
export class CounterWindow {
  #highest = 0;
  readonly #seen = new Set<number>();

  /** Takes a number once; false when it was used or is too old. */
  take(counter: number): boolean {
    if (counter <= this.#highest - WINDOW || this.#seen.has(counter)) return false;
    this.#seen.add(counter);
    if (counter > this.#highest) {
      this.#highest = counter;
      for (const one of this.#seen) if (one <= counter - WINDOW) this.#seen.delete(one);
    }
    return true;
  }
}

function hmac(key: Buffer, lines: readonly string[]): Buffer {
  return createHmac('sha256', key).update(lines.join('\n')).digest();
}

function hexSha256(octets: Buffer): string {
  return createHash('sha256').update(octets).digest('hex');
}
