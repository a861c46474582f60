import { Type } from 'typebox';

import { actorOf } from '../../ra/officer.ts';
import { REDIRECT_URIS_MAX, setRedirectUris } from '../../signing/csc/set-redirect-uris.ts';
import { officerOf } from '../access.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { MANAGING_ROLES, RelyingPartyParams } from './relying-party-view.ts';

const RedirectUris = Type.Object(
  {
    redirectUris: Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
      maxItems: REDIRECT_URIS_MAX,
      uniqueItems: true,
    }),
  },
  { additionalProperties: false },
);

export function setRedirectUrisRoute(app: TypedApp, { csc }: Pick<ApiServices, 'csc'>): void {
  app.put(
    '/relying-parties/:relyingParty/redirect-uris',
    {
      config: { access: MANAGING_ROLES },
      schema: {
        operationId: 'set-redirect-uris',
        tags: ['relying parties'],
        summary:
          'Where holders’ browsers may be sent back to from the OAuth pages of the CSC API; all of them',
        params: RelyingPartyParams,
        body: RedirectUris,
        response: { 200: RedirectUris, ...problems },
      },
    },
    async (request) => {
      const { redirectUris } = request.body;
      const set = await setRedirectUris(
        csc.house,
        actorOf(officerOf(request)),
        request.params.relyingParty,
        redirectUris,
      );
      return { redirectUris: [...set] };
    },
  );
}
