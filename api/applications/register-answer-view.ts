import { Type } from 'typebox';

import { REGISTERS } from '../../ra/registers/register.ts';
import type { RegisterAnswer } from '../../ra/registers/register-answer-store.ts';
import { Instant, Uuid } from '../schemas.ts';

export const RegisterAnswerView = Type.Object({
  id: { ...Uuid, description: 'Of the evidence' },
  register: Type.Enum(REGISTERS),
  result: Type.Enum(['MATCH', 'NO_MATCH', 'UNAVAILABLE']),
  reason: Type.String({ examples: ['as-registered', 'name-differs', 'timeout'] }),
  answeredAt: Instant,
});

export function viewOfAnswer({ id, register, result, reason, answeredAt }: RegisterAnswer) {
  return { id, register, result, reason, answeredAt: answeredAt.toISOString() };
}
