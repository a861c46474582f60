import { Type } from 'typebox';

import { ACTIVATION_STEPS, RENEWALS } from '../../ra/activation/activation.ts';
import type { ActivationHouse } from '../../ra/activation/activation-house.ts';
import { renewActivation } from '../../ra/activation/renew-activation.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ActivationView, viewOfActivation } from './activation-view.ts';

export function renewActivationRoute(app: TypedApp, house: ActivationHouse): void {
  app.post(
    '/applications/:id/activation-codes',
    {
      config: { access: [...new Set(RENEWALS.flatMap((renewal) => [...ACTIVATION_STEPS[renewal].roles]))] },
      schema: {
        operationId: 'renew-activation',
        tags: ['applications'],
        summary: 'Make a secret of an activation anew, which voids the old one; what is shown is shown once',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(
          {
            renew: Type.Enum([...RENEWALS], {
              description:
                'code: a new activation, its code by short message (clerk). letter: the same, its code to print (manager). ' +
                'desk-secret: the secret for the phone’s QR code, of the activation in force (clerk)',
            }),
          },
          { additionalProperties: false },
        ),
        response: {
          201: Type.Object({
            activation: ActivationView,
            deskSecret: Type.Optional(Type.String({ description: 'For the QR code of a phone' })),
            letterCode: Type.Optional(Type.String({ description: 'For the sealed letter' })),
          }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const id = request.params.id as ApplicationId;
      const renewed = await renewActivation(house, officerOf(request), { id, ...request.body });
      const { activation, ...secrets } = renewed;
      return reply
        .code(201)
        .send({ activation: viewOfActivation(activation, house.clock.now()), ...secrets });
    },
  );
}
