import { randomBytes } from 'node:crypto';

import { decodeJwt, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';

import { digest } from '../../pki/digest-algorithm.ts';
import { SigningError } from '../signing-error.ts';
import { clientKeyOf } from './client-credential.ts';
import type { RelyingParty, RelyingPartyHouse, RelyingPartyWithCredentials } from './relying-party.ts';

export interface ClientTokenHouse extends RelyingPartyHouse {
  /** Address of the token endpoint: what assertions have to be made for. */
  tokenUrl: string;
}

/** Lives no longer than this, so that a stolen one is of no use, and used ones need not be remembered for long. */
const ASSERTION_SECONDS_MAX = 60;
/** Clocks of two machines differ. */
const CLOCK_SECONDS_MAX = 15;
const ASSERTION_CHARACTERS_MAX = 4_096;
const JTI_CHARACTERS_MAX = 200;
export const TOKEN_SECONDS = 600;
const TOKEN_OCTETS = 32;

/**
 * Exchanges a client's assertion for a token (RFC 7523 §2.2, RFC 6749 §4.4). Whatever is wrong is one answer, SigningError
 * `client-not-accepted`; its context says what.
 */
export async function issueClientToken(house: ClientTokenHouse, assertion: string): Promise<string> {
  const { party, jti, expiresAt } = await verifyAssertion(house, assertion);
  const token = randomBytes(TOKEN_OCTETS).toString('base64url');
  await house.transactions.transaction(async (tx) => {
    const jtiSha256 = digest('sha256', Buffer.from(jti));
    if (!(await house.relyingParties.useAssertion(tx, party.id, jtiSha256, expiresAt)))
      throw notAccepted('the assertion was used before');
    const until = new Date(house.clock.now().getTime() + TOKEN_SECONDS * 1000);
    await house.relyingParties.insertToken(tx, tokenHash(token), party.id, until);
  });
  return token;
}

/** Who has a token; throws SigningError `client-token-invalid`. */
export async function clientOfToken(
  { relyingParties, clock }: Pick<RelyingPartyHouse, 'relyingParties' | 'clock'>,
  token: string,
): Promise<RelyingParty> {
  const party = await relyingParties.ofToken(tokenHash(token), clock.now());
  if (!party)
    throw new SigningError('client-token-invalid', 'the token is unknown or its time is over: get another');
  return party;
}

/** Who has proved to have the key of a certificate (RFC 8705 §2.2); throws SigningError `client-not-accepted`. */
export async function clientOfCertificate(
  { relyingParties, clock }: Pick<RelyingPartyHouse, 'relyingParties' | 'clock'>,
  certificateSha256: Buffer,
): Promise<RelyingParty> {
  const party = await relyingParties.ofCertificate(certificateSha256.toString('hex'), clock.now());
  if (!party) throw notAccepted('no relying party has this certificate');
  return party;
}

function tokenHash(token: string): Buffer {
  return digest('sha256', Buffer.from(token));
}

interface VerifiedAssertion {
  party: RelyingPartyWithCredentials;
  jti: string;
  expiresAt: Date;
}

async function verifyAssertion(house: ClientTokenHouse, assertion: string): Promise<VerifiedAssertion> {
  const clientId = subjectOf(assertion);
  const party = await house.relyingParties.find(clientId);
  if (!party || party.disabledAt) throw notAccepted('no such relying party, or it is disabled');
  const now = house.clock.now();
  // Two keys at most: which of them it is, is tried, whatever the client calls it.
  for (const credential of party.credentials) {
    if (credential.kind !== 'jwk') continue;
    const { key, algorithms } = clientKeyOf(credential.jwk);
    const terms = {
      issuer: clientId,
      subject: clientId,
      audience: house.tokenUrl,
      algorithms,
      currentDate: now,
    };
    const payload = await jwtVerify(assertion, key, { ...terms, clockTolerance: CLOCK_SECONDS_MAX }).then(
      (verified) => verified.payload,
      () => undefined,
    );
    if (payload) return { party, ...lifeOf(payload, now) };
  }
  throw notAccepted('none of its keys verifies the assertion, for this audience and now');
}

function subjectOf(assertion: string): string {
  if (assertion.length > ASSERTION_CHARACTERS_MAX) throw notAccepted('the assertion is too long');
  try {
    return decodeJwt(assertion).sub ?? '';
  } catch (cause) {
    throw notAccepted('the assertion is no JWT', cause);
  }
}

/** RFC 7523 §3: `exp` is needed there, `iat` and `jti` here as well: without them a life has no length and nothing is used up. */
function lifeOf({ exp, iat, jti }: JWTPayload, now: Date): { jti: string; expiresAt: Date } {
  if (exp === undefined || iat === undefined) throw notAccepted('exp and iat are needed');
  if (typeof jti !== 'string' || jti === '' || jti.length > JTI_CHARACTERS_MAX)
    throw notAccepted('a jti is needed');
  const seconds = now.getTime() / 1000;
  if (exp - iat > ASSERTION_SECONDS_MAX || exp - seconds > ASSERTION_SECONDS_MAX + CLOCK_SECONDS_MAX)
    throw notAccepted(`it lives longer than ${ASSERTION_SECONDS_MAX} seconds`);
  if (iat - seconds > CLOCK_SECONDS_MAX) throw notAccepted('it is of the future');
  return { jti, expiresAt: new Date((exp + CLOCK_SECONDS_MAX + 1) * 1000) };
}

function notAccepted(reason: string, cause?: unknown): SigningError {
  return new SigningError('client-not-accepted', 'the client could not be authenticated', {
    cause,
    context: { reason },
  });
}
