import { Type } from 'typebox';

import { OFFICER_REVOCATION_REASONS } from '../../ra/officer-certificates/officer-certifier.ts';
import { revokeOfficerCertificate } from '../../ra/officer-certificates/revoke-officer-certificate.ts';
import type { OfficerId } from '../../ra/officer.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { OFFICER_MANAGEMENT_ROLES } from '../../ra/offices/officer-rules.ts';
import { officerOf } from '../access.ts';
import { AuthorityId, SerialHex, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function revokeOfficerCertificateRoute(app: TypedApp, house: OfficeHouse): void {
  app.post(
    '/officers/:id/certificates/:authority/:serial/revoke',
    {
      config: { access: OFFICER_MANAGEMENT_ROLES },
      schema: {
        operationId: 'revoke-officer-certificate',
        tags: ['officers'],
        summary: 'Revoke one certificate of an officer, and end their sessions; one officer is enough',
        params: Type.Object({ id: Uuid, authority: AuthorityId, serial: SerialHex }),
        body: Type.Object(
          { reason: Type.Enum([...OFFICER_REVOCATION_REASONS]) },
          { additionalProperties: false },
        ),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { id, authority, serial } = request.params;
      await revokeOfficerCertificate(house, officerOf(request), {
        officerId: id as OfficerId,
        authorityId: authority,
        serialNumber: Buffer.from(serial, 'hex'),
        ...request.body,
      });
      return reply.code(204).send(null);
    },
  );
}
