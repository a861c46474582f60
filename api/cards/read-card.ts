import { Type } from 'typebox';

import { CARD_READ_ROLES } from '../../ra/cards/card.ts';
import type { CardId } from '../../ra/cards/card.ts';
import type { CardHouse } from '../../ra/cards/card-house.ts';
import { readCard } from '../../ra/cards/read-cards.ts';
import { officerOf } from '../access.ts';
import { CertificateView, viewOfCertificate } from '../certificates/certificate-view.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { CardChangeView, CardView, viewOfCard, viewOfCardChange } from './card-view.ts';

export function readCardRoute(app: TypedApp, house: CardHouse): void {
  app.get(
    '/cards/:id',
    {
      config: { access: CARD_READ_ROLES },
      schema: {
        operationId: 'read-card',
        tags: ['cards'],
        summary: 'Read a card’s file: what happened to it, and the certificates on it',
        params: Type.Object({ id: Uuid }),
        response: {
          200: Type.Object({
            card: CardView,
            changes: Type.Array(CardChangeView),
            certificates: Type.Array(CertificateView),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const file = await readCard(house, officerOf(request), request.params.id as CardId);
      return {
        card: viewOfCard(file.card),
        changes: file.changes.map(viewOfCardChange),
        certificates: file.certificates.map(viewOfCertificate),
      };
    },
  );
}
