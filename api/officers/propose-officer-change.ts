import { Type } from 'typebox';

import type { OfficeId, OfficerId } from '../../ra/officer.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { OFFICER_MANAGEMENT_ROLES } from '../../ra/offices/officer-rules.ts';
import { proposeOfficerChange } from '../../ra/offices/propose-officer-change.ts';
import type { OfficerChangeInput } from '../../ra/offices/propose-officer-change.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficerChangeView, OfficerName, Roles, viewOfChange } from './officer-views.ts';

const closed = { additionalProperties: false };

const body = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('add'),
      officeId: Uuid,
      name: OfficerName,
      nationalId: Type.Optional(Type.String({ maxLength: 20 })),
      roles: Roles,
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('set-roles'), officerId: Uuid, roles: Roles }, closed),
  Type.Object(
    {
      kind: Type.Enum(['remove', 'restore', 'reset'], {
        description: '`reset`: passkeys are lost; they are removed, and a new login link may be made',
      }),
      officerId: Uuid,
    },
    closed,
  ),
]);

export function proposeOfficerChangeRoute(app: TypedApp, house: OfficeHouse): void {
  app.post(
    '/officer-changes',
    {
      config: { access: OFFICER_MANAGEMENT_ROLES },
      schema: {
        operationId: 'propose-officer-change',
        tags: ['officers'],
        summary: 'Propose a change of an officer; a second officer confirms it',
        body,
        response: { 201: OfficerChangeView, ...problems },
      },
    },
    async (request, reply) => {
      const change = await proposeOfficerChange(house, officerOf(request), inputOf(request.body));
      return reply.code(201).send(viewOfChange(change));
    },
  );
}

function inputOf(
  input:
    | (Omit<Extract<OfficerChangeInput, { kind: 'add' }>, 'officeId'> & { officeId: string })
    | (Omit<Extract<OfficerChangeInput, { kind: 'set-roles' }>, 'officerId'> & { officerId: string })
    | { kind: 'remove' | 'restore' | 'reset'; officerId: string },
): OfficerChangeInput {
  if (input.kind === 'add') return { ...input, officeId: input.officeId as OfficeId };
  return { ...input, officerId: input.officerId as OfficerId };
}
