import { Type } from 'typebox';

import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { READING_ROLES, RelyingPartyView, viewOfRelyingParty } from './relying-party-view.ts';

export function listRelyingPartiesRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.get(
    '/relying-parties',
    {
      config: { access: READING_ROLES },
      schema: {
        operationId: 'list-relying-parties',
        tags: ['relying parties'],
        summary: 'Who may ask for signatures',
        response: { 200: Type.Object({ items: Type.Array(RelyingPartyView) }), ...problems },
      },
    },
    async () => {
      const parties = await services.signing.relyingParties.relyingParties.list();
      return { items: parties.map(viewOfRelyingParty) };
    },
  );
}
