import { Type } from 'typebox';

import type { CardHouse } from '../../ra/cards/card-house.ts';
import { CARD_BATCH_READ_ROLES, listCardBatches } from '../../ra/cards/read-cards.ts';
import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { CardBatchView, viewOfCardBatch } from './card-view.ts';

export function listCardBatchesRoute(app: TypedApp, house: CardHouse): void {
  app.get(
    '/card-batches',
    {
      config: { access: CARD_BATCH_READ_ROLES },
      schema: {
        operationId: 'list-card-batches',
        tags: ['cards'],
        summary: 'List deliveries of cards, newest first',
        response: { 200: Type.Object({ items: Type.Array(CardBatchView) }), ...problems },
      },
    },
    async (request) => ({
      items: (await listCardBatches(house, officerOf(request))).map(viewOfCardBatch),
    }),
  );
}
