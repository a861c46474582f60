import { Type } from 'typebox';

import {
  PERSONALISATION_TICKETS,
  issuePersonalisationTicket,
} from '../../ra/personalisation/issue-ticket.ts';
import type { PersonalisationTicket } from '../../ra/personalisation/issue-ticket.ts';
import { PERSONALISING_ROLES } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationId } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { AgentId, TicketView } from '../cards/card-view.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ticketRequestOf } from './ticket-request.ts';

const KINDS = Object.keys(PERSONALISATION_TICKETS) as PersonalisationTicket[];

export function issuePersonalisationTicketRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.post(
    '/personalisations/:id/tickets',
    {
      config: { access: PERSONALISING_ROLES },
      schema: {
        operationId: 'issue-personalisation-ticket',
        tags: ['personalisations'],
        summary: 'Let the card agent do the next thing with the card',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(
          { agentId: AgentId, operation: Type.Unsafe<PersonalisationTicket>(Type.Enum(KINDS)) },
          { additionalProperties: false },
        ),
        response: { 200: TicketView, ...problems },
      },
    },
    async (request) => {
      const { agentId, operation: kind } = request.body;
      const order = { id: request.params.id as PersonalisationId, kind };
      return { ticket: await issuePersonalisationTicket(house, ticketRequestOf(request, agentId), order) };
    },
  );
}
