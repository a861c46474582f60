import { Type } from 'typebox';

import { reportReceipt } from '../../ra/personalisation/report-step.ts';
import { fileOf } from '../../ra/personalisation/find-personalisation.ts';
import { PERSONALISING_ROLES } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationId } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { base64Octets } from './base64-octets.ts';
import { PersonalisationView, viewOfPersonalisation } from './personalisation-view.ts';

export function reportReceiptRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.post(
    '/personalisations/:id/receipt',
    {
      config: { access: PERSONALISING_ROLES },
      schema: {
        operationId: 'report-card-receipt',
        tags: ['personalisations'],
        summary: 'The holder has signed the receipt on the card (CAdES): the card is handed over',
        params: Type.Object({ id: Uuid }),
        body: Type.Object({ signature: base64Octets(98_304) }, { additionalProperties: false }),
        response: { 200: PersonalisationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as PersonalisationId;
      const changed = await reportReceipt(
        house,
        officerOf(request),
        id,
        Buffer.from(request.body.signature, 'base64'),
      );
      return viewOfPersonalisation(await fileOf(house, changed));
    },
  );
}
