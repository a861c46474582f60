import { Type } from 'typebox';

import type { OfficerId } from '../../ra/officer.ts';
import { makeLoginLink } from '../../ra/offices/manage-offices.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { OFFICER_MANAGEMENT_ROLES } from '../../ra/offices/officer-rules.ts';
import { officerOf } from '../access.ts';
import { Instant, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function makeLoginLinkRoute(app: TypedApp, house: OfficeHouse, consoleUrl: string): void {
  app.post(
    '/officers/:id/login-links',
    {
      config: { access: OFFICER_MANAGEMENT_ROLES },
      schema: {
        operationId: 'make-login-link',
        tags: ['officers'],
        summary: 'A one-time link for an officer who has no passkey yet, or whose passkeys were reset',
        params: Type.Object({ id: Uuid }),
        response: {
          201: Type.Object({ loginLink: Type.String({ format: 'uri' }), expiresAt: Instant }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const id = request.params.id as OfficerId;
      const { secret, expiresAt } = await makeLoginLink(house, officerOf(request), id);
      const loginLink = `${consoleUrl}/sign-in#${secret}`;
      return reply.code(201).send({ loginLink, expiresAt: expiresAt.toISOString() });
    },
  );
}
