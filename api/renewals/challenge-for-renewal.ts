import { Type } from 'typebox';

import { certificateSubject } from '../../pki/attestation/key-attestation.ts';
import { challengeForAttestation } from '../../ra/enrolment/attestation-challenge.ts';
import type { ChallengeHouse } from '../../ra/enrolment/attestation-challenge.ts';
import { ChallengeView } from '../enrolments/attestation-body.ts';
import { CHALLENGE_RATE } from '../enrolments/challenge-for-enrolment.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function challengeForRenewalRoute(app: TypedApp, house: ChallengeHouse): void {
  app.post(
    '/renewals/challenges',
    {
      config: { access: 'public', rateLimit: CHALLENGE_RATE },
      schema: {
        operationId: 'challenge-for-renewal',
        tags: ['renewals'],
        summary: 'What a phone has its hardware attest its new key with; good for ten minutes, once',
        description: 'The answer is the same for a certificate that does not exist.',
        body: Type.Object(
          {
            authority: Type.String({ pattern: '^[a-z][a-z0-9-]{0,40}$' }),
            serialNumber: Type.String({ pattern: '^([0-9a-f]{2}){8,20}$' }),
          },
          { additionalProperties: false, description: 'The certificate that is to be renewed' },
        ),
        response: { 201: ChallengeView, ...problems },
      },
    },
    async (request, reply) => {
      const { authority: authorityId, serialNumber } = request.body;
      const subject = certificateSubject({ authorityId, serialNumber: Buffer.from(serialNumber, 'hex') });
      const { challenge, expiresAt } = await challengeForAttestation(house, subject);
      return reply
        .code(201)
        .send({ challenge: challenge.toString('base64url'), expiresAt: expiresAt.toISOString() });
    },
  );
}
