import { Type } from 'typebox';

import type { LegalHold } from '../../ra/evidence/evidence-house.ts';
import { Instant, Uuid } from '../schemas.ts';

export const LegalHoldView = Type.Object({
  id: Uuid,
  orderNumber: Type.String(),
  laidBy: Uuid,
  laidAt: Instant,
});

export function viewOfLegalHold({ id, orderNumber, laidBy, laidAt }: LegalHold) {
  return { id, orderNumber, laidBy, laidAt: laidAt.toISOString() };
}
