import { Type } from 'typebox';

import type { Passkey } from '../../ra/passkeys/passkey-store.ts';
import { Instant, Uuid } from '../schemas.ts';

export const PasskeyView = Type.Object({
  id: Uuid,
  name: Type.String(),
  createdAt: Instant,
  lastUsedAt: Type.Optional(Instant),
});

export function viewOfPasskey({ id, name, createdAt, lastUsedAt }: Passkey) {
  return {
    id,
    name,
    createdAt: createdAt.toISOString(),
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
  };
}
