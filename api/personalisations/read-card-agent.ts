import { Type } from 'typebox';

import { CARD_READ_ROLES } from '../../ra/cards/card.ts';
import { ticketJwk } from '../../ra/personalisation/card-ticket.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function readCardAgentRoute(
  app: TypedApp,
  services: Pick<ApiServices, 'personalisation' | 'cardAgentUrl' | 'authorities'>,
): void {
  app.get(
    '/card-agent',
    {
      config: { access: CARD_READ_ROLES },
      schema: {
        operationId: 'read-card-agent',
        tags: ['personalisations'],
        summary: 'Where the card agent of a workstation listens, and the key that signs its tickets',
        response: {
          200: Type.Object({
            url: Type.String({ examples: ['http://127.0.0.1:28447'] }),
            ticketKey: Type.Object(
              { kty: Type.Literal('OKP'), crv: Type.Literal('Ed25519'), x: Type.String() },
              { description: 'JWK (RFC 8037), pinned by the agent with the pairing' },
            ),
            profiles: Type.Array(Type.String(), { description: 'Whose keys are made on a card' }),
          }),
          ...problems,
        },
      },
    },
    async () => {
      const { personalisation, cardAgentUrl, authorities } = services;
      const profiles = authorities.flatMap((authority) => authority.profiles);
      return {
        url: cardAgentUrl,
        ticketKey: ticketJwk(await personalisation.ticketSigner()),
        profiles: profiles.filter((id) => personalisation.cardPurposeOf(id) !== undefined),
      };
    },
  );
}
