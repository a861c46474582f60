import { Type } from 'typebox';

import { actorOf } from '../../ra/officer.ts';
import { registerRelyingParty } from '../../signing/relying-parties/manage-relying-parties.ts';
import { officerOf } from '../access.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import {
  MANAGING_ROLES,
  MayHandInDigests,
  RelyingPartyId,
  RelyingPartyView,
  relyingPartyTerms,
  viewOfRelyingParty,
} from './relying-party-view.ts';

export function registerRelyingPartyRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.post(
    '/relying-parties',
    {
      config: { access: MANAGING_ROLES },
      schema: {
        operationId: 'register-relying-party',
        tags: ['relying parties'],
        summary: 'Register a prescription system or insurer that may ask for signatures',
        body: Type.Object(
          { id: RelyingPartyId, ...relyingPartyTerms, mayHandInDigests: Type.Optional(MayHandInDigests) },
          { additionalProperties: false },
        ),
        response: { 201: RelyingPartyView, ...problems },
      },
    },
    async (request, reply) => {
      const actor = actorOf(officerOf(request));
      const party = await registerRelyingParty(services.signing.relyingParties, actor, request.body);
      return reply.code(201).send(viewOfRelyingParty(party));
    },
  );
}
