import { createHash, randomBytes } from 'node:crypto';

import type { Signer } from '../../keys/signer.ts';
import type { OfficerId } from '../officer.ts';

/** An operation waits at the agent for a PIN, and is begun within this time; how long it takes then is the agent's affair. */
const TICKET_SECONDS = 300;
const JTI_OCTETS = 16;
/** Of an Ed25519 SubjectPublicKeyInfo, the last 32 octets are the key (RFC 8410 §4). */
const KEY_OCTETS = 32;

/** What an agent is told to do, for whom. */
export interface CardTicket {
  /** The agent that may do it. */
  agentId: string;
  officerId: OfficerId;
  /** See `sessionHash`. */
  sessionId: string;
  operation: string;
  input: object;
}

/** A ticket for one agent and one operation: a compact JWS (RFC 7515 §3.1) with EdDSA (RFC 8037 §3.1), for five minutes. */
export async function signTicket(
  signer: Signer,
  { issuer, now, ticket }: { issuer: string; now: Date; ticket: CardTicket },
): Promise<{ jws: string; jti: string }> {
  const iat = Math.floor(now.getTime() / 1000);
  const jti = randomBytes(JTI_OCTETS).toString('base64url');
  const { agentId, ...rest } = ticket;
  const payload = { iss: issuer, aud: agentId, jti, iat, exp: iat + TICKET_SECONDS, ...rest };
  const signed = `${base64url({ alg: 'EdDSA' })}.${base64url(payload)}`;
  const signature = await signer.sign(Buffer.from(signed, 'ascii'));
  return { jws: `${signed}.${signature.toString('base64url')}`, jti };
}

/** The public key as agents pin it (RFC 8037 §2). */
export function ticketJwk({ subjectPublicKeyInfo }: Signer): { kty: 'OKP'; crv: 'Ed25519'; x: string } {
  return { kty: 'OKP', crv: 'Ed25519', x: subjectPublicKeyInfo.subarray(-KEY_OCTETS).toString('base64url') };
}

/** Names a session to the agent, which learns nothing of the cookie from it. */
export function sessionHash(sessionSecret: string): string {
  return createHash('sha256').update(`mohr card ticket 1\n${sessionSecret}`).digest('base64url');
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}
