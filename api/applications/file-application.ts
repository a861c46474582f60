import { Type } from 'typebox';

import { fileApplication } from '../../ra/file-application.ts';
import type { RegistrationHouse } from '../../ra/registration-house.ts';
import { officerOf } from '../access.ts';
import { ApplicantSchema, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';

const body = Type.Object(
  {
    profile: Type.String({ maxLength: 40, examples: ['signing-phone'] }),
    applicant: ApplicantSchema,
    certificationRequest: Type.String({
      maxLength: 32_768,
      description: 'PKCS#10, PEM; only its key is used',
    }),
  },
  { additionalProperties: false },
);

export function fileApplicationRoute(app: TypedApp, house: RegistrationHouse): void {
  app.post(
    '/applications',
    {
      config: { access: ['clerk'] },
      schema: {
        operationId: 'file-application',
        tags: ['applications'],
        summary: 'File an application for a certificate',
        body,
        response: { 201: ApplicationView, ...problems },
      },
    },
    async (request, reply) => {
      const { profile, applicant, certificationRequest } = request.body;
      const input = { profileId: profile, applicant, certificationRequest };
      const application = await fileApplication(house, officerOf(request), input);
      return reply
        .code(201)
        .header('location', `/api/v1/applications/${application.id}`)
        .send(viewOfApplication(application, application.registerAnswers));
    },
  );
}
