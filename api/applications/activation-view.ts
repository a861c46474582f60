import { Type } from 'typebox';

import { ACTIVATION_STATES, ACTIVATION_TRIES_MAX, activationState } from '../../ra/activation/activation.ts';
import type { Activation } from '../../ra/activation/activation.ts';
import { Instant, Uuid } from '../schemas.ts';

export const ActivationView = Type.Object({
  id: Uuid,
  state: Type.Enum([...ACTIVATION_STATES]),
  codeChannel: Type.Optional(
    Type.Enum(['sms', 'letter'], {
      description: 'Absent until a letter is printed, where no number is known',
    }),
  ),
  isDeskSecretShown: Type.Boolean({ description: 'Of phones' }),
  triesLeft: Type.Integer({ minimum: 0 }),
  madeAt: Instant,
  expiresAt: Instant,
  usedAt: Type.Optional(Instant),
});

/** Nothing of its secrets. */
export function viewOfActivation(activation: Activation, now: Date) {
  const { id, code, deskSecret, tries, madeAt, expiresAt, usedAt } = activation;
  return {
    id,
    state: activationState(activation, now),
    ...(code && { codeChannel: code.channel }),
    isDeskSecretShown: deskSecret !== undefined,
    triesLeft: Math.max(0, ACTIVATION_TRIES_MAX - tries),
    madeAt: madeAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(usedAt && { usedAt: usedAt.toISOString() }),
  };
}
