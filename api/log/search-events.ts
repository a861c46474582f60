import { Type } from 'typebox';

import type { FoundEvent } from '../../audit/transparency-store.ts';
import { readInstant } from '../read-instant.ts';
import { Instant, PageLimit, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import type { LogServices } from './log-services.ts';

const Id = Type.Integer({ minimum: 1 });
const Word = Type.String({ minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' });

const querystring = Type.Object(
  {
    subject: Type.Optional({ ...Word, examples: ['certificate:bronze/0badc0de', 'application:0190…'] }),
    action: Type.Optional({ ...Word, examples: ['revoke-certificate'] }),
    from: Type.Optional({ ...Instant, description: 'Inclusive' }),
    until: Type.Optional({ ...Instant, description: 'Exclusive' }),
    before: Type.Optional({ ...Id, description: 'Events before this one only' }),
    limit: Type.Optional(PageLimit),
  },
  { additionalProperties: false },
);

const EventView = Type.Object({
  id: Id,
  at: Instant,
  actor: Type.Object({ kind: Type.String(), id: Type.String(), officeId: Type.Optional(Type.String()) }),
  action: Type.String(),
  outcome: Type.Enum(['accepted', 'refused']),
  subject: Type.String(),
  refusalCode: Type.Optional(Type.String()),
  details: Type.Object({}, { additionalProperties: true }),
  leafIndex: Type.Optional(Type.Integer({ description: 'In the transparency log, once it is there' })),
});

export function searchEventsRoute(app: TypedApp, services: { log: LogServices }): void {
  app.get(
    '/events',
    {
      config: { access: ['security-officer', 'auditor'] },
      schema: {
        operationId: 'search-events',
        tags: ['log'],
        summary: 'Find recorded events by subject, action and time, the newest first',
        querystring,
        response: {
          200: Type.Object({ items: Type.Array(EventView), next: Type.Optional(Id) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { from, until, limit = 50, ...query } = request.query;
      const found = await services.log.transparency.searchEvents({
        ...query,
        limit,
        ...(from !== undefined && { from: readInstant(from) }),
        ...(until !== undefined && { until: readInstant(until) }),
      });
      const last = found.length === limit ? found.at(-1) : undefined;
      return { items: found.map(viewOf), ...(last && { next: last.id }) };
    },
  );
}

function viewOf({ at, details, ...event }: FoundEvent) {
  return { ...event, at: at.toISOString(), details: { ...details } };
}
