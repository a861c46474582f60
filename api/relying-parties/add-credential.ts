import { Type } from 'typebox';

import { actorOf } from '../../ra/officer.ts';
import { addRelyingPartyCredential } from '../../signing/relying-parties/manage-relying-parties.ts';
import { officerOf } from '../access.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import {
  MANAGING_ROLES,
  RelyingPartyParams,
  RelyingPartyView,
  viewOfRelyingParty,
} from './relying-party-view.ts';

const body = Type.Union([
  Type.Object(
    {
      jwk: Type.Record(Type.String({ maxLength: 40 }), Type.Unknown(), {
        maxProperties: 20,
        description: 'Public key as a JWK: P-256, P-384, Ed25519 or RSA from 2048 bits on',
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { certificate: Type.String({ maxLength: 20_000, description: 'PEM, for mutual TLS' }) },
    { additionalProperties: false },
  ),
]);

export function addCredentialRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.post(
    '/relying-parties/:relyingParty/credentials',
    {
      config: { access: MANAGING_ROLES },
      schema: {
        operationId: 'add-relying-party-credential',
        tags: ['relying parties'],
        summary:
          'Add a public key or a TLS certificate of a relying party: two of each, so that one can follow the other',
        params: RelyingPartyParams,
        body,
        response: { 201: RelyingPartyView, ...problems },
      },
    },
    async (request, reply) => {
      const actor = actorOf(officerOf(request));
      const { relyingParties } = services.signing;
      const party = await addRelyingPartyCredential(
        relyingParties,
        actor,
        request.params.relyingParty,
        request.body,
      );
      return reply.code(201).send(viewOfRelyingParty(party));
    },
  );
}
