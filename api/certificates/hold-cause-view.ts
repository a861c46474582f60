import { Type } from 'typebox';

import { HOLD_CAUSES } from '../../ra/holds/hold-cause.ts';
import type { HoldCause } from '../../ra/holds/hold-cause.ts';
import { Instant } from '../schemas.ts';

export const HoldCauseView = Type.Object({
  cause: Type.Enum(HOLD_CAUSES),
  laidAt: Instant,
  laidBy: Type.String({ examples: ['officer:0190a000-0000-7000-8000-000000000000', 'holder'] }),
});

export function viewOfCause({ cause, laidAt, laidBy }: HoldCause) {
  return { cause, laidAt: laidAt.toISOString(), laidBy };
}
