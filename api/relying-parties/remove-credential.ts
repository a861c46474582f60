import { Type } from 'typebox';

import { actorOf } from '../../ra/officer.ts';
import { removeRelyingPartyCredential } from '../../signing/relying-parties/manage-relying-parties.ts';
import { officerOf } from '../access.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { MANAGING_ROLES, RelyingPartyId } from './relying-party-view.ts';

const params = Type.Object({
  relyingParty: RelyingPartyId,
  kind: Type.Enum(['jwk', 'certificate']),
  keyId: Type.String({ pattern: '^[A-Za-z0-9_-]{43,64}$' }),
});

export function removeCredentialRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.delete(
    '/relying-parties/:relyingParty/credentials/:kind/:keyId',
    {
      config: { access: MANAGING_ROLES },
      schema: {
        operationId: 'remove-relying-party-credential',
        tags: ['relying parties'],
        summary: 'Remove a key or certificate for ever, and end the tokens of its party',
        params,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { relyingParty, ...credential } = request.params;
      const actor = actorOf(officerOf(request));
      await removeRelyingPartyCredential(services.signing.relyingParties, actor, relyingParty, credential);
      return reply.code(204).send(null);
    },
  );
}
