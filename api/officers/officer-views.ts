import { Type } from 'typebox';

import { ROLES } from '../../ra/officer.ts';
import type { OfficerRecord } from '../../ra/offices/office-store.ts';
import { OFFICER_CHANGE_KINDS, OFFICER_CHANGE_STATES } from '../../ra/offices/officer-change.ts';
import type { OfficerChange } from '../../ra/offices/officer-change.ts';
import { Instant, Uuid } from '../schemas.ts';

export const Roles = Type.Array(Type.Enum([...ROLES]), { minItems: 1, uniqueItems: true });

export const OfficerName = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' });

export const OfficerRecordView = Type.Object({
  id: Uuid,
  officeId: Uuid,
  name: Type.String(),
  roles: Type.Array(Type.Enum([...ROLES])),
  createdAt: Instant,
  removedAt: Type.Optional(Instant),
  passkeys: Type.Integer({ minimum: 0 }),
});

/** Without the national id: it is there to be compared, not to be read. */
export function viewOfRecord({ id, officeId, name, roles, createdAt, removedAt, passkeys }: OfficerRecord) {
  return {
    id,
    officeId,
    name,
    roles: [...roles],
    createdAt: createdAt.toISOString(),
    ...(removedAt && { removedAt: removedAt.toISOString() }),
    passkeys,
  };
}

export const OfficerChangeView = Type.Object({
  id: Uuid,
  kind: Type.Enum([...OFFICER_CHANGE_KINDS]),
  officeId: Uuid,
  officerId: { ...Uuid, description: 'Of the new officer too' },
  name: Type.Optional(Type.String({ description: 'Of a new officer' })),
  roles: Type.Optional(Type.Array(Type.Enum([...ROLES]))),
  proposedBy: Uuid,
  proposedAt: Instant,
  state: Type.Enum([...OFFICER_CHANGE_STATES]),
  decidedBy: Type.Optional(Uuid),
  decidedAt: Type.Optional(Instant),
});

export function viewOfChange(change: OfficerChange) {
  const { id, kind, officeId, officerId, proposedBy, proposedAt, state, decidedBy, decidedAt } = change;
  return {
    id,
    kind,
    officeId,
    officerId,
    ...('name' in change && { name: change.name }),
    ...('roles' in change && { roles: [...change.roles] }),
    proposedBy,
    proposedAt: proposedAt.toISOString(),
    state,
    ...(decidedBy && { decidedBy }),
    ...(decidedAt && { decidedAt: decidedAt.toISOString() }),
  };
}
