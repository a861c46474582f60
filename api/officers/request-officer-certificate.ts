import { Type } from 'typebox';

import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { requestOfficerCertificate } from '../../ra/offices/propose-officer-change.ts';
import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficerChangeView, viewOfChange } from './officer-views.ts';

const body = Type.Object(
  {
    certificationRequest: Type.String({
      maxLength: 32_768,
      description: 'PKCS#10, PEM; only its key is used',
    }),
  },
  { additionalProperties: false },
);

export function requestOfficerCertificateRoute(app: TypedApp, house: OfficeHouse): void {
  app.post(
    '/officer-certificates',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'request-officer-certificate',
        tags: ['officers'],
        summary: 'Ask for a certificate of one’s own; it is issued when a second officer confirms the change',
        body,
        response: { 202: OfficerChangeView, ...problems },
      },
    },
    async (request, reply) => {
      const { certificationRequest } = request.body;
      const change = await requestOfficerCertificate(house, officerOf(request), certificationRequest);
      return reply.code(202).send(viewOfChange(change));
    },
  );
}
