import { Type } from 'typebox';

import { actorOf } from '../../ra/officer.ts';
import { changeRelyingParty } from '../../signing/relying-parties/manage-relying-parties.ts';
import { officerOf } from '../access.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import {
  MANAGING_ROLES,
  MayHandInDigests,
  RelyingPartyParams,
  RelyingPartyView,
  relyingPartyTerms,
  viewOfRelyingParty,
} from './relying-party-view.ts';

const body = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    displayedName: Type.Optional(relyingPartyTerms.displayedName),
    patientView: Type.Optional(relyingPartyTerms.patientView),
    callbackUrls: Type.Optional(relyingPartyTerms.callbackUrls),
    mayHandInDigests: Type.Optional(MayHandInDigests),
    isDisabled: Type.Optional(Type.Boolean({ description: 'true: nothing is accepted from it any more' })),
  },
  { additionalProperties: false },
);

export function changeRelyingPartyRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.patch(
    '/relying-parties/:relyingParty',
    {
      config: { access: MANAGING_ROLES },
      schema: {
        operationId: 'change-relying-party',
        tags: ['relying parties'],
        summary: 'Change what is known of a relying party, or disable it at once',
        params: RelyingPartyParams,
        body,
        response: { 200: RelyingPartyView, ...problems },
      },
    },
    async (request) => {
      const actor = actorOf(officerOf(request));
      const { relyingParty } = request.params;
      const { relyingParties } = services.signing;
      return viewOfRelyingParty(await changeRelyingParty(relyingParties, actor, relyingParty, request.body));
    },
  );
}
