import { Type } from 'typebox';

import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

/** A key is added long before it could be missed. */
const CACHE_CONTROL = 'public, max-age=300';

export function listServiceKeysRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.get(
    '/service-keys',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'list-service-keys',
        tags: ['signature sessions'],
        summary: 'Public keys that callbacks are signed with, as a JWK set (RFC 7517)',
        response: {
          200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }),
          ...problems,
        },
      },
    },
    async (_request, reply) => {
      const keys = await services.signing.serviceKeys();
      return reply.header('cache-control', CACHE_CONTROL).send({ keys });
    },
  );
}
