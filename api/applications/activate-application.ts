import { Type } from 'typebox';

import { activateAtDesk } from '../../ra/activation/activate.ts';
import { ACTIVATION_STEPS } from '../../ra/activation/activation.ts';
import type { ActivationHouse } from '../../ra/activation/activation-house.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { officerOf } from '../access.ts';
import { CertificateView, viewOfCertificate } from '../certificates/certificate-view.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';

export function activateApplicationRoute(app: TypedApp, house: ActivationHouse): void {
  app.post(
    '/applications/:id/activation',
    {
      config: { access: ACTIVATION_STEPS.use.roles },
      schema: {
        operationId: 'activate-application',
        tags: ['applications'],
        summary: 'Activate at the desk with the code that the holder says; the certificate is issued',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(
          {
            code: Type.String({ minLength: 1, maxLength: 20, description: 'Either digits' }),
            deskSecret: Type.Optional(Type.String({ maxLength: 64, description: 'Of a phone' })),
            certificationRequest: Type.Optional(
              Type.String({ maxLength: 32_768, description: 'PKCS#10, PEM, of a phone' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ application: ApplicationView, certificate: CertificateView }),
          ...problems,
        },
      },
    },
    async (request) => {
      const applicationId = request.params.id as ApplicationId;
      const input = { applicationId, ...request.body };
      const { application, certificate } = await activateAtDesk(house, officerOf(request), input);
      return { application: viewOfApplication(application), certificate: viewOfCertificate(certificate) };
    },
  );
}
