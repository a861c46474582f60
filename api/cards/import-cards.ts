import { Type } from 'typebox';

import { CARD_IMPORT_ROLES } from '../../ra/cards/card.ts';
import type { CardHouse } from '../../ra/cards/card-house.ts';
import { importCards } from '../../ra/cards/import-cards.ts';
import { CARD_LIST_FORMATS } from '../../ra/cards/read-card-list.ts';
import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { CardBatchView, viewOfCardBatch } from './card-view.ts';

/** 10,000 serials with some columns beside them. */
const LIST_OCTETS_MAX = 2 * 1024 * 1024;

export function importCardsRoute(app: TypedApp, house: CardHouse): void {
  app.post(
    '/card-batches',
    {
      config: { access: CARD_IMPORT_ROLES },
      bodyLimit: LIST_OCTETS_MAX,
      schema: {
        operationId: 'import-cards',
        tags: ['cards'],
        summary: 'Take a delivery of cards in: a list of serials',
        description: '201: taken in; 200: this very list was taken in under this reference before.',
        body: Type.Object(
          {
            reference: Type.String({
              minLength: 1,
              maxLength: 64,
              pattern: '^\\S(.*\\S)?$',
              description: 'Of the delivery note',
            }),
            cardType: Type.String({ minLength: 1, maxLength: 64, pattern: '^\\S(.*\\S)?$' }),
            format: Type.Enum(CARD_LIST_FORMATS),
            list: Type.String({
              maxLength: LIST_OCTETS_MAX,
              description: 'The file as it came: CSV with a column `serial`, or lines of JSON with `serial`',
            }),
          },
          { additionalProperties: false },
        ),
        response: { 200: CardBatchView, 201: CardBatchView, ...problems },
      },
    },
    async (request, reply) => {
      const { batch, isNew } = await importCards(house, officerOf(request), request.body);
      return reply.code(isNew ? 201 : 200).send(viewOfCardBatch(batch));
    },
  );
}
