// The browser derives the same from the same lines: web/client/card-agent-pairing.ts.
import { createHash, hkdfSync } from 'node:crypto';

import type { TicketKey } from './ticket.ts';

/** What both sides have to agree on. */
export interface Transcript {
  origin: string;
  agentId: string;
  /** Uncompressed points and nonce, base64url. */
  consoleKey: string;
  nonce: string;
  agentKey: string;
  ticketKey: TicketKey | undefined;
}

const KEY_OCTETS = 32;
const CODE_OCTETS = 8;
const CODE_DIGITS = 6;

/** What the console sends before it has seen the agent's key: SHA-256, base64url. */
export function commitmentOf(part: Pick<Transcript, 'consoleKey' | 'nonce' | 'ticketKey'>): string {
  const lines = ['mohr commitment', part.consoleKey, part.nonce, ticketKeyText(part.ticketKey)];
  return sha256(lines).toString('base64url');
}

/** The six digits that both sides show, and the key of their requests. */
export function pairingSecrets(shared: Buffer, transcript: Transcript): { code: string; key: Buffer } {
  const { origin, agentId, consoleKey, nonce, agentKey, ticketKey } = transcript;
  const salt = sha256([
    'mohr pairing',
    origin,
    agentId,
    consoleKey,
    nonce,
    agentKey,
    ticketKeyText(ticketKey),
  ]);
  const derived = (info: string, octets: number): Buffer =>
    Buffer.from(hkdfSync('sha256', shared, salt, info, octets));
  const number = derived('mohr pairing code', CODE_OCTETS).readBigUInt64BE() % 10n ** BigInt(CODE_DIGITS);
  return { code: String(number).padStart(CODE_DIGITS, '0'), key: derived('mohr pairing key', KEY_OCTETS) };
}

/** The members that make the key (RFC 7638 §3). */
function ticketKeyText(ticketKey: TicketKey | undefined): string {
  return ticketKey ? JSON.stringify({ crv: ticketKey.crv, kty: ticketKey.kty, x: ticketKey.x }) : 'none';
}

function sha256(lines: readonly string[]): Buffer {
  return createHash('sha256').update(lines.join('\n')).digest();
}
