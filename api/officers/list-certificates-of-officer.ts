import { Type } from 'typebox';

import { certificatesOf } from '../../ra/officer-certificates/revoke-officer-certificate.ts';
import type { OfficerId } from '../../ra/officer.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { OFFICER_MANAGEMENT_ROLES } from '../../ra/offices/officer-rules.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficerCertificateView, viewOfOfficerCertificate } from './officer-certificate-view.ts';

export function listCertificatesOfOfficerRoute(app: TypedApp, house: OfficeHouse): void {
  app.get(
    '/officers/:id/certificates',
    {
      config: { access: OFFICER_MANAGEMENT_ROLES },
      schema: {
        operationId: 'list-certificates-of-officer',
        tags: ['officers'],
        summary: "An officer's certificates, newest first",
        params: Type.Object({ id: Uuid }),
        response: { 200: Type.Object({ items: Type.Array(OfficerCertificateView) }), ...problems },
      },
    },
    async (request) => {
      const found = await certificatesOf(house, officerOf(request), request.params.id as OfficerId);
      return { items: found.map(viewOfOfficerCertificate) };
    },
  );
}
