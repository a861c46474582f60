import { Type } from 'typebox';

import { originOf } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { challengeForAttestation } from '../../ra/enrolment/attestation-challenge.ts';
import type { ChallengeHouse } from '../../ra/enrolment/attestation-challenge.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ChallengeView } from './attestation-body.ts';

/** A phone asks once; a row is written for each. */
export const CHALLENGE_RATE = { max: 10, timeWindow: '1 minute' };

export function challengeForEnrolmentRoute(app: TypedApp, house: ChallengeHouse): void {
  app.post(
    '/enrolments/challenges',
    {
      config: { access: 'public', rateLimit: CHALLENGE_RATE },
      schema: {
        operationId: 'challenge-for-enrolment',
        tags: ['enrolments'],
        summary: 'What a phone has its hardware attest its key with; good for ten minutes, once',
        description: 'The answer is the same for an application that does not exist.',
        body: Type.Object({ applicationId: Uuid }, { additionalProperties: false }),
        response: {
          201: ChallengeView,
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const applicationId = request.body.applicationId as ApplicationId;
      const { challenge, expiresAt } = await challengeForAttestation(house, originOf(applicationId));
      return reply
        .code(201)
        .send({ challenge: challenge.toString('base64url'), expiresAt: expiresAt.toISOString() });
    },
  );
}
