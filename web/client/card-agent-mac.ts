import { systemClock } from '../../core/clock.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import type { StoredPairing } from './pairing-store.ts';

interface MacRequest {
  method: string;
  /** With its query. */
  path: string;
  body: string;
  counter: number;
}

/** The header that proves a request to be of this pairing, and its MAC. */
export async function authorizationOf(
  { key, pairingId }: StoredPairing,
  { method, path, body, counter }: MacRequest,
): Promise<{ header: string; mac: string }> {
  const time = systemClock.now().getTime();
  const lines = ['mohr request', method, path, await hexSha256(body), String(time), String(counter)];
  const mac = toBase64Url(await crypto.subtle.sign('HMAC', key, encoded(lines.join('\n'))));
  return { header: `Mohr-Agent pairing=${pairingId}, time=${time}, counter=${counter}, mac=${mac}`, mac };
}

/** Whether the answer comes from who holds the same key: any program of this machine may listen where the agent did. */
export async function isAnswerGenuine(
  key: CryptoKey,
  requestMac: string,
  response: Response,
  body: string,
): Promise<boolean> {
  const given = response.headers.get('mohr-agent-mac');
  if (given === null) return false;
  const lines = ['mohr answer', requestMac, String(response.status), await hexSha256(body)];
  return crypto.subtle.verify('HMAC', key, fromBase64Url(given), encoded(lines.join('\n')));
}

async function hexSha256(text: string): Promise<string> {
  const octets = new Uint8Array(await crypto.subtle.digest('SHA-256', encoded(text)));
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

function encoded(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
