import { Type } from 'typebox';

import { SESSION_STATES } from '../../signing/sessions/session-state.ts';
import { Uuid } from '../schemas.ts';

/** An RSA-4096 signature has 512 octets. */
export const SignatureValue = Type.String({
  minLength: 4,
  maxLength: 700,
  pattern: '^[A-Za-z0-9+/]+={0,2}$',
  description: 'base64; ECDSA as WebCrypto gives it, two numbers of fixed length',
});

export const Sha256Hex = Type.String({ pattern: '^[0-9a-fA-F]{64}$' });

export const RequestParams = Type.Object({ id: Uuid });

export const StateView = Type.Object({ state: Type.Enum(SESSION_STATES) });

/** 65 octets, base64url. */
export const P256Point = Type.String({
  pattern: '^[A-Za-z0-9_-]{87}$',
  description: 'Uncompressed point on P-256, base64url',
});
