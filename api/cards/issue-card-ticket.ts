import { Type } from 'typebox';

import type { CardId } from '../../ra/cards/card.ts';
import { CARD_TICKETS, issueCardTicket } from '../../ra/personalisation/issue-ticket.ts';
import type { CardTicketKind } from '../../ra/personalisation/issue-ticket.ts';
import { PERSONALISING_ROLES } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { ticketRequestOf } from '../personalisations/ticket-request.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { AgentId, TicketView } from './card-view.ts';

export function issueCardTicketRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.post(
    '/cards/:id/tickets',
    {
      config: { access: PERSONALISING_ROLES },
      schema: {
        operationId: 'issue-card-ticket',
        tags: ['cards'],
        summary: 'Let the card agent read a card, or unblock its PIN by the PUK',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(
          { agentId: AgentId, operation: Type.Unsafe<CardTicketKind>(Type.Enum(CARD_TICKETS)) },
          { additionalProperties: false },
        ),
        response: { 200: TicketView, ...problems },
      },
    },
    async (request) => {
      const { agentId, operation: kind } = request.body;
      const order = { id: request.params.id as CardId, kind };
      return { ticket: await issueCardTicket(house, ticketRequestOf(request, agentId), order) };
    },
  );
}
