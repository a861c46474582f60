import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { fileOf } from '../../ra/personalisation/find-personalisation.ts';
import { openPersonalisation } from '../../ra/personalisation/open-personalisation.ts';
import { CARD_KEY_TYPES, PERSONALISING_ROLES } from '../../ra/personalisation/personalisation.ts';
import type { CardKeyType } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { officerOf } from '../access.ts';
import { CardSerial } from '../cards/card-view.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PersonalisationView, viewOfPersonalisation } from './personalisation-view.ts';

export function openPersonalisationRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.post(
    '/personalisations',
    {
      config: { access: PERSONALISING_ROLES },
      schema: {
        operationId: 'open-personalisation',
        tags: ['personalisations'],
        summary: 'Take a card out of the stock for a draft',
        description: '201: opened; 200: it was opened for this card before.',
        body: Type.Object(
          {
            applicationId: { ...Uuid, description: 'Of the draft' },
            cardSerial: CardSerial,
            keyType: Type.Optional(Type.Unsafe<CardKeyType>(Type.Enum(CARD_KEY_TYPES))),
          },
          { additionalProperties: false },
        ),
        response: { 200: PersonalisationView, 201: PersonalisationView, ...problems },
      },
    },
    async (request, reply) => {
      const { applicationId, cardSerial, keyType = 'rsa-2048' } = request.body;
      const input = { applicationId: applicationId as ApplicationId, cardSerial, keyType };
      const { personalisation, isNew } = await openPersonalisation(house, officerOf(request), input);
      return reply
        .code(isNew ? 201 : 200)
        .header('location', `/api/v1/personalisations/${personalisation.id}`)
        .send(viewOfPersonalisation(await fileOf(house, personalisation)));
    },
  );
}
