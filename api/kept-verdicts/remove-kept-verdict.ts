import { Type } from 'typebox';

import { removeKeptVerdict } from '../../validation/kept/keep-verdict.ts';
import type { KeptVerdictHouse } from '../../validation/kept/keep-verdict.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { LINK_RATE, LinkHeader, secretOf } from './link-header.ts';

export function removeKeptVerdictRoute(
  app: TypedApp,
  services: Pick<KeptVerdictHouse, 'keptVerdicts'>,
): void {
  app.delete(
    '/kept-verdicts/current',
    {
      config: { access: 'public', rateLimit: LINK_RATE },
      schema: {
        operationId: 'remove-kept-verdict',
        tags: ['validations'],
        summary: 'Delete the verdict behind a link before its time',
        headers: LinkHeader,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async ({ headers }, reply) => {
      await removeKeptVerdict(secretOf(headers), services);
      return reply.code(204).send(null);
    },
  );
}
