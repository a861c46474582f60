import { Type } from 'typebox';

import type { Officer } from '../../ra/officer.ts';
import { confirmOfficerChange, rejectOfficerChange } from '../../ra/offices/decide-officer-change.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import type { OfficerChange, OfficerChangeId } from '../../ra/offices/officer-change.ts';
import { OFFICER_MANAGEMENT_ROLES } from '../../ra/offices/officer-rules.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficerChangeView, viewOfChange } from './officer-views.ts';

type Decide = (house: OfficeHouse, officer: Officer, id: OfficerChangeId) => Promise<OfficerChange>;

const DECISIONS: readonly { verb: string; summary: string; decide: Decide }[] = [
  {
    verb: 'confirm',
    summary: 'Confirm a change that another officer has proposed; it is done',
    decide: confirmOfficerChange,
  },
  { verb: 'reject', summary: 'Reject a change, or take it back', decide: rejectOfficerChange },
];

export function decideOfficerChangeRoutes(app: TypedApp, house: OfficeHouse): void {
  for (const { verb, summary, decide } of DECISIONS) {
    app.post(
      `/officer-changes/:id/${verb}`,
      {
        config: { access: OFFICER_MANAGEMENT_ROLES },
        schema: {
          operationId: `${verb}-officer-change`,
          tags: ['officers'],
          summary,
          params: Type.Object({ id: Uuid }),
          response: { 200: OfficerChangeView, ...problems },
        },
      },
      async (request) =>
        viewOfChange(await decide(house, officerOf(request), request.params.id as OfficerChangeId)),
    );
  }
}
