import { Type } from 'typebox';

import { encodePem } from '../../pki/pem.ts';
import { activate } from '../../ra/activation/activate.ts';
import type { ActivationHouse } from '../../ra/activation/activation-house.ts';
import type { ApplicationId } from '../../ra/application.ts';
import type { PublishedAuthority } from '../api-services.ts';
import { chainOf } from '../est/ca-certificates.ts';
import { Instant, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { AttestationBody, VerdictView, shownIn, viewOfVerdict } from './attestation-body.ts';
import { ENROLMENT_RATE } from './enrolment-rate.ts';

const EnrolmentView = Type.Object({
  authority: Type.String(),
  serialNumber: Type.String(),
  profile: Type.String(),
  notBefore: Instant,
  notAfter: Instant,
  certificate: Type.String({ description: 'PEM' }),
  chain: Type.Array(Type.String({ description: 'PEM, the issuing CA first, its root last' })),
  ...VerdictView,
});

interface Services {
  registration: ActivationHouse;
  authorities: readonly PublishedAuthority[];
}

export function createEnrolmentRoute(app: TypedApp, services: Services): void {
  app.post(
    '/enrolments',
    {
      config: { access: 'public', rateLimit: ENROLMENT_RATE },
      schema: {
        operationId: 'create-enrolment',
        tags: ['enrolments'],
        summary: 'Activate on the phone, with the secret of the desk and the code; the certificate is issued',
        description:
          'Whatever is wrong with application, secret or code is refused alike, and counted: five wrong ones are the last. The same ' +
          'with the same key sent again is answered with the same certificate. An attestation that proves nothing refuses nothing: ' +
          'the certificate then does not name the policy of phone hardware.',
        body: Type.Object(
          {
            applicationId: Uuid,
            code: Type.String({ minLength: 1, maxLength: 20, description: 'Either digits' }),
            deskSecret: Type.String({ minLength: 1, maxLength: 64 }),
            certificationRequest: Type.String({
              minLength: 1,
              maxLength: 32_768,
              description: 'PKCS#10, PEM',
            }),
            attestation: Type.Optional(AttestationBody),
          },
          { additionalProperties: false },
        ),
        response: { 200: EnrolmentView, ...problems },
      },
    },
    async (request) => {
      const { applicationId, attestation, ...rest } = request.body;
      const { certificate, verdict } = await activate(services.registration, {
        ...rest,
        applicationId: applicationId as ApplicationId,
        isRemote: true,
        ...(attestation && { attestation: shownIn(attestation) }),
      });
      return {
        authority: certificate.authorityId,
        serialNumber: certificate.serialNumber.toString('hex'),
        profile: certificate.profileId,
        notBefore: certificate.notBefore.toISOString(),
        notAfter: certificate.notAfter.toISOString(),
        certificate: encodePem('CERTIFICATE', certificate.bytes),
        chain: chainOf(services.authorities, { id: certificate.authorityId }).map((authority) =>
          encodePem('CERTIFICATE', authority.certificate),
        ),
        ...(verdict && viewOfVerdict(verdict)),
      };
    },
  );
}
