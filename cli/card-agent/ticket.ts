import { createPublicKey, verify } from 'node:crypto';

import type { Clock } from '../../core/clock.ts';
import { isObject } from '../../core/is-object.ts';
import { AgentError } from './agent-error.ts';
import { readOperation } from './operation-inputs.ts';
import type { CardOrder } from './operation-inputs.ts';

/** The service's public key for tickets: a JWK (RFC 8037). */
export interface TicketKey {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
}

/** What the service allows once, for one officer's session. */
export interface Ticket {
  id: string;
  officerId: string;
  sessionId: string;
  order: CardOrder;
}

const LIFE_SECONDS_MAX = 300;
/** How far the clocks of service and workstation may differ. */
const SKEW_SECONDS = 60;
const TOKEN_CHARACTERS_MAX = 200_000;

/** Takes the members that make a key out of a JWK; undefined for anything but a public Ed25519 key. */
export function readTicketKey(jwk: unknown): TicketKey | undefined {
  if (!isObject(jwk) || jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519') return undefined;
  const { x } = jwk;
  if (typeof x !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(x)) return undefined;
  return { kty: 'OKP', crv: 'Ed25519', x };
}

/**
 * Verifies a ticket: a compact JWS (RFC 7515) by the key that was pinned at pairing, for this agent and this time. Throws
 * AgentError `ticket-invalid` or `ticket-expired`.
 */
export function readTicket(
  token: string,
  expected: { ticketKey: TicketKey | undefined; issuer: string; agentId: string; clock: Clock },
): Ticket {
  const claims = verifiedClaims(token, expected.ticketKey);
  const { iss, aud, jti, iat, exp, officerId, sessionId } = claims;
  if (iss !== expected.issuer || aud !== expected.agentId)
    throw invalid('it is for another agent or console');
  if (!isName(jti) || jti.length < 16 || !isName(officerId) || !isName(sessionId))
    throw invalid('jti, officerId or sessionId is missing');
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp < iat || exp - iat > LIFE_SECONDS_MAX)
    throw invalid(`it lives longer than ${LIFE_SECONDS_MAX} s`);
  const now = expected.clock.now().getTime() / 1000;
  if (now < iat - SKEW_SECONDS || now > exp + SKEW_SECONDS)
    throw new AgentError('ticket-expired', 'the ticket is not of this time');
  return { id: jti, officerId, sessionId, order: readOperation(claims.operation, claims.input) };
}

function verifiedClaims(token: string, key: TicketKey | undefined): Record<string, unknown> {
  const parts = token.split('.');
  if (!key || token.length > TOKEN_CHARACTERS_MAX || parts.length !== 3)
    throw invalid('it is no compact JWS, or this pairing has no ticket key');
  const [header, payload, signature] = parts;
  // The algorithm is the key's, whatever the header says; one that says otherwise is of no use to anybody.
  if (parsed(header).alg !== 'EdDSA') throw invalid('its algorithm is not EdDSA');
  const publicKey = createPublicKey({ key: { ...key }, format: 'jwk' });
  const isGood = verify(
    null,
    Buffer.from(`${header}.${payload}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  );
  if (!isGood) throw invalid('its signature is not of the pinned key');
  return parsed(payload);
}

function parsed(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw invalid('it is no compact JWS');
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 128;
}

function invalid(detail: string): AgentError {
  return new AgentError('ticket-invalid', `the ticket is refused: ${detail}`);
}
