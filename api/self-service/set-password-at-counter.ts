import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import {
  PASSWORD_CHARACTERS_MAX,
  setPasswordAtCounter,
} from '../../ra/self-service/set-revocation-password.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

type House = Parameters<typeof setPasswordAtCounter>[0];

export function setPasswordAtCounterRoute(app: TypedApp, house: House): void {
  app.put(
    '/applications/:id/revocation-password',
    {
      config: { access: ['clerk'] },
      schema: {
        operationId: 'set-revocation-password',
        tags: ['self-service'],
        summary: 'Set the revocation password that the holder types at the counter',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(
          {
            password: Type.String({
              minLength: 1,
              maxLength: PASSWORD_CHARACTERS_MAX,
              description:
                'Eight characters or more, four of them different (`password-weak`); not common (`password-common`); not made of the holder’s names or numbers or of words of the service (`password-personal`)',
            }),
          },
          { additionalProperties: false },
        ),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const id = request.params.id as ApplicationId;
      await setPasswordAtCounter(house, officerOf(request), id, request.body.password);
      return reply.code(204).send(null);
    },
  );
}
