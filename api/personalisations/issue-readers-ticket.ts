import { Type } from 'typebox';

import { CARD_READ_ROLES } from '../../ra/cards/card.ts';
import { issueReadersTicket } from '../../ra/personalisation/issue-ticket.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { AgentId, TicketView } from '../cards/card-view.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ticketRequestOf } from './ticket-request.ts';

export function issueReadersTicketRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.post(
    '/card-agent/tickets',
    {
      config: { access: CARD_READ_ROLES },
      schema: {
        operationId: 'issue-readers-ticket',
        tags: ['personalisations'],
        summary: 'Let the card agent look which readers and cards there are',
        body: Type.Object({ agentId: AgentId }, { additionalProperties: false }),
        response: { 200: TicketView, ...problems },
      },
    },
    async (request) => ({
      ticket: await issueReadersTicket(house, ticketRequestOf(request, request.body.agentId)),
    }),
  );
}
