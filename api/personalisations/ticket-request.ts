import type { FastifyRequest } from 'fastify';

import { sessionHash } from '../../ra/personalisation/card-ticket.ts';
import type { TicketRequest } from '../../ra/personalisation/issue-ticket.ts';
import { officerOf } from '../access.ts';

/** Every ticket is bound to the session that asked for it. */
export function ticketRequestOf(request: FastifyRequest, agentId: string): TicketRequest {
  return { officer: officerOf(request), agentId, sessionId: sessionHash(request.sessionSecret ?? '') };
}
