import { Type } from 'typebox';

import { SIGNATURE_FORMATS } from '../../signing/assemble-signature.ts';
import type { SessionAnswer } from '../../signing/sessions/read-session.ts';
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
  verificationCode: Type.String({ description: 'Show it: the holder compares it with the one on the phone' }),
  createdAt: Instant,
  expiresAt: Instant,
  endedAt: Type.Optional(Instant),
  failure: Type.Optional(
    Type.String({ description: 'Code of what went wrong, with CERT_REVOKED and ERROR' }),
  ),
  certificateSha256: Type.String({ description: 'Of the certificate that signs, hexadecimal' }),
  signatures: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'With SIGNED, for a day: one for each document in its order. CAdES in base64, enveloping, or detached where only a hash was sent; JAdES as a compact JWS',
    }),
  ),
});

export function viewOfSession({ session, signatures }: SessionAnswer) {
  const { id, state, format, verificationCode, createdAt, expiresAt, endedAt, failure, certificateSha256 } =
    session;
  const encoding = format === 'cades' ? 'base64' : 'latin1';
  return {
    id,
    state,
    format,
    verificationCode,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(failure !== undefined && { failure }),
    certificateSha256: certificateSha256.toString('hex'),
    ...(signatures && { signatures: signatures.map((one) => one.toString(encoding)) }),
  };
}
