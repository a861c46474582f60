import { Type } from 'typebox';

import type { Officer } from '../../ra/officer.ts';
import { Uuid } from '../schemas.ts';

export const OfficerView = Type.Object({
  id: Uuid,
  officeId: Uuid,
  name: Type.String(),
  roles: Type.Array(Type.String()),
});

export function viewOfOfficer(officer: Officer) {
  return { id: officer.id, officeId: officer.officeId, name: officer.name, roles: [...officer.roles] };
}
