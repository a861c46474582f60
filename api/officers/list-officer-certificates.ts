import { Type } from 'typebox';

import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficerCertificateView, viewOfOfficerCertificate } from './officer-certificate-view.ts';

export function listOfficerCertificatesRoute(app: TypedApp, { officerCertificates }: OfficeHouse): void {
  app.get(
    '/officer-certificates',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'list-officer-certificates',
        tags: ['officers'],
        summary: "The signed-in officer's certificates, newest first",
        response: { 200: Type.Object({ items: Type.Array(OfficerCertificateView) }), ...problems },
      },
    },
    async (request) => {
      const found = await officerCertificates.listOf(officerOf(request).id);
      return { items: found.map(viewOfOfficerCertificate) };
    },
  );
}
