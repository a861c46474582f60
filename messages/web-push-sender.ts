import { Agent, request } from 'node:https';
import type { AgentOptions } from 'node:https';

import { isPublicAddress } from './public-address.ts';
import type { PushMessage, PushOutcome, PushSender } from '../signing/push/send-pushes.ts';
import { encryptPush } from './encrypt-push.ts';
import { onlyTo } from './guarded-lookup.ts';

const ATTEMPT_MILLISECONDS = 5_000;
const CONNECTIONS_MAX = 50;
/** RFC 8030 §5.4: of several messages with one topic that wait for a phone, the last is delivered. */
const TOPIC = 'signature-request';

export interface WebPushOptions {
  /** Authorities of the push service's TLS certificate, PEM; absent: those of the system. */
  ca?: string;
  /** Whether a push service's name may stand for this address; absent: when it is public. */
  isAllowedAddress?: (address: string) => boolean;
}

export interface WebPushSender extends PushSender {
  close(): void;
}

/** Posts encrypted messages to push services (RFC 8030 §5). No redirect is followed, and nobody within is called by a public name. */
export function openWebPushSender({
  ca,
  isAllowedAddress = isPublicAddress,
}: WebPushOptions = {}): WebPushSender {
  const options: AgentOptions = {
    keepAlive: true,
    maxSockets: CONNECTIONS_MAX,
    lookup: onlyTo(isAllowedAddress),
    ...(ca !== undefined && { ca }),
  };
  const agent = new Agent(options);
  return {
    send: (message) =>
      post(agent, message).then(
        ({ status, retryAfter }) => outcomeOf(status, retryAfter),
        // Nobody answered.
        () => ({ kind: 'later' }),
      ),
    close: () => agent.destroy(),
  };
}

function post(
  agent: Agent,
  message: PushMessage,
): Promise<{ status: number; retryAfter: string | undefined }> {
  const body = encryptPush(message.payload, message);
  const headers = {
    authorization: message.authorization,
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
    'content-length': body.length,
    ttl: message.ttlSeconds,
    topic: TOPIC,
    urgency: 'high',
  };
  const signal = AbortSignal.timeout(ATTEMPT_MILLISECONDS);
  return new Promise((resolve, reject) => {
    const sent = request(message.endpoint, { method: 'POST', headers, agent, signal }, (response) => {
      // What it says is nobody's business here; it is read so that the connection can be used again, until the signal.
      response.on('error', () => undefined).resume();
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** RFC 8030 §5, §7.3, §8.4. */
function outcomeOf(status: number, retryAfter: string | undefined): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  if (status !== 408 && status !== 429 && status < 500) return { kind: 'refused' };
  const seconds = /^[0-9]{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  return { kind: 'later', ...(seconds !== undefined && { retrySeconds: seconds }) };
}
