import { setTimeout as delay } from 'node:timers/promises';

import type { Messenger } from '../ra/messages/message.ts';

export interface SmsGatewayOptions {
  /** http or https; asked by POST. */
  url: string;
  /** Sent as a bearer token. */
  token?: string;
  attemptMilliseconds?: number;
  /** Attempts at once; the outbox comes again later by itself. */
  attemptsMax?: number;
  pauseMilliseconds?: number;
}

const DEFAULTS = { attemptMilliseconds: 5_000, attemptsMax: 3, pauseMilliseconds: 500 };

/**
 * Hands short messages to a gateway: POST of `{"id", "to", "text"}` as JSON. The id is the Idempotency-Key too, so that a
 * gateway sends what is asked of it twice once. 2xx: taken over; 408, 429, 5xx and silence: tried again; else refused.
 */
export function openSmsGateway(options: SmsGatewayOptions): Messenger {
  const terms = { ...DEFAULTS, ...options };
  return {
    send: async (message) => {
      for (let attempt = 1; ; attempt += 1) {
        const status = await post(terms, message);
        if (status >= 200 && status < 300) return 'taken';
        if (status >= 400 && status < 500 && status !== 408 && status !== 429) return 'refused';
        if (attempt === terms.attemptsMax)
          throw new Error(`the gateway did not take it: ${status || 'no answer'}`);
        await delay(terms.pauseMilliseconds * attempt);
      }
    },
  };
}

/** The status; 0 when none came. */
async function post(
  { url, token, attemptMilliseconds }: typeof DEFAULTS & SmsGatewayOptions,
  { id, to, text }: Parameters<Messenger['send']>[0],
): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': id,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ id, to, text }),
      // Where a gateway sends us elsewhere, a token and a person's number would go with us.
      redirect: 'manual',
      signal: AbortSignal.timeout(attemptMilliseconds),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    // What fetch says may repeat the address.
    return 0;
  }
}
