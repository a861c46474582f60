import { Type } from 'typebox';

import type { Holder } from '../../ra/holders/holder.ts';
import { ApplicantSchema, Instant, Uuid } from '../schemas.ts';

export const HolderView = Type.Object({
  id: Uuid,
  ...ApplicantSchema.properties,
  firstInPersonAt: Type.Optional(Instant),
  lastInPersonAt: Type.Optional(Instant),
});

export function viewOfHolder({ firstInPersonAt, lastInPersonAt, ...person }: Holder) {
  return {
    ...person,
    ...(firstInPersonAt && { firstInPersonAt: firstInPersonAt.toISOString() }),
    ...(lastInPersonAt && { lastInPersonAt: lastInPersonAt.toISOString() }),
  };
}
