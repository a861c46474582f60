import { Type } from 'typebox';

import { SIGNATURE_FORMATS } from '../../signing/assemble-signature.ts';
import type { SessionAnswer } from '../../signing/sessions/read-session.ts';
import { SESSION_LEVELS } from '../../signing/sessions/session-level.ts';
import { SESSION_STATES } from '../../signing/sessions/session-state.ts';
import { Instant, Uuid } from '../schemas.ts';

export const WaitSeconds = Type.Integer({
  minimum: 0,
  maximum: 25,
  default: 0,
  description: 'Answer when there is something new, or after so many seconds',
});

export const SignatureSessionView = Type.Object({
  id: Uuid,
  state: Type.Enum(SESSION_STATES),
  format: Type.Enum(SIGNATURE_FORMATS),
  level: Type.Enum(SESSION_LEVELS),
  verificationCode: Type.String({ description: 'Show it: the holder compares it with the one on the phone' }),
  createdAt: Instant,
  expiresAt: Instant,
  endedAt: Type.Optional(Instant),
  failure: Type.Optional(
    Type.String({ description: 'Code of what went wrong, with CERT_REVOKED and ERROR' }),
  ),
  certificateSha256: Type.Optional(
    Type.String({
      description: 'Of the certificate that signs, hexadecimal; absent until a phone has scanned the code',
    }),
  ),
  pairing: Type.Optional(
    Type.Object(
      {
        uri: Type.Optional(
          Type.String({
            description:
              'Show it as a QR code; only where the session is created, and once for each time it is asked',
          }),
        ),
        claimed: Type.Boolean({ description: 'A phone has scanned the code' }),
        refusedClaims: Type.Integer({
          description: 'Phones that could not have it: somebody else has seen the code',
        }),
      },
      { description: 'Of a session that was asked for with pairing' },
    ),
  ),
  signatures: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'With SIGNED, for a day: one for each document in its order. CAdES in base64, enveloping, or detached where only a hash was sent; JAdES as a compact JWS; PAdES as the PDF in base64',
    }),
  ),
});

/** `pairingUri`: what its code says, where that is known. */
export function viewOfSession({ session, signatures }: SessionAnswer, pairingUri?: string) {
  const {
    id,
    state,
    format,
    level,
    verificationCode,
    createdAt,
    expiresAt,
    endedAt,
    failure,
    credential,
    pairing,
  } = session;
  const encoding = format === 'jades' ? 'latin1' : 'base64';
  return {
    id,
    state,
    format,
    level,
    verificationCode,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(failure !== undefined && { failure }),
    ...(credential && { certificateSha256: credential.certificateSha256.toString('hex') }),
    ...(pairing && {
      pairing: {
        ...(pairingUri !== undefined && { uri: pairingUri }),
        claimed: pairing.claimedAt !== undefined,
        refusedClaims: pairing.refusedClaims,
      },
    }),
    ...(signatures && { signatures: signatures.map((one) => one.toString(encoding)) }),
  };
}
