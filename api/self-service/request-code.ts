import { Type } from 'typebox';

import { requestCode } from '../../ra/self-service/request-code.ts';
import type { SelfServiceHouse } from '../../ra/self-service/self-service-house.ts';
import { CODE_PURPOSES } from '../../ra/self-service/self-service-store.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { SELF_SERVICE_RATE, answerEvenly } from './answer-evenly.ts';

const body = Type.Object(
  { nationalId: Type.String({ minLength: 1, maxLength: 20 }), purpose: Type.Enum(CODE_PURPOSES) },
  { additionalProperties: false },
);

export function requestCodeRoute(app: TypedApp, house: SelfServiceHouse): void {
  app.post(
    '/self-service/codes',
    {
      config: { access: 'public', rateLimit: SELF_SERVICE_RATE },
      schema: {
        operationId: 'request-code',
        tags: ['self-service'],
        summary: 'Have a one-time code sent to the mobile number of a holder',
        description: 'The answer is the same whoever it is, and whether or not a code was sent.',
        body,
        response: { 202: Type.Object({ state: Type.Literal('accepted') }), ...problems },
      },
    },
    async (request, reply) => {
      const { nationalId, purpose } = request.body;
      await answerEvenly(() => requestCode(house, nationalId, purpose));
      return reply.code(202).send({ state: 'accepted' as const });
    },
  );
}
