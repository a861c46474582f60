import { Type } from 'typebox';

import type { SelfServiceHouse } from '../../ra/self-service/self-service-house.ts';
import { PASSWORD_CHARACTERS_MAX, setOwnPassword } from '../../ra/self-service/set-revocation-password.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { SELF_SERVICE_RATE, answerEvenly } from './answer-evenly.ts';

const body = Type.Object(
  {
    nationalId: Type.String({ minLength: 1, maxLength: 20 }),
    code: Type.String({ pattern: '^[0-9]{6}$' }),
    password: Type.String({
      minLength: 1,
      maxLength: PASSWORD_CHARACTERS_MAX,
      description:
        'Eight characters or more, four of them different (`password-weak`); not common (`password-common`); not made of the holder’s names or numbers or of words of the service (`password-personal`)',
    }),
  },
  { additionalProperties: false },
);

export function setOwnPasswordRoute(app: TypedApp, house: SelfServiceHouse): void {
  app.put(
    '/self-service/revocation-password',
    {
      config: { access: 'public', rateLimit: SELF_SERVICE_RATE },
      schema: {
        operationId: 'set-own-revocation-password',
        tags: ['self-service'],
        summary: 'Set one’s revocation password with a one-time code',
        body,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await answerEvenly(() => setOwnPassword(house, request.body));
      return reply.code(204).send(null);
    },
  );
}
