import { Type } from 'typebox';

import { encodePem } from '../../pki/pem.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { officerOf } from '../access.ts';
import { AuthorityId, Instant, SerialHex, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

const OfficerCertificateView = Type.Object({
  authority: AuthorityId,
  serialNumber: SerialHex,
  notBefore: Instant,
  notAfter: Instant,
  isGood: Type.Boolean({ description: 'Neither revoked nor on hold' }),
  certificate: Type.String({ description: 'PEM' }),
});

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
      const items = found.map((one) => ({
        authority: one.authorityId,
        serialNumber: one.serialNumber.toString('hex'),
        notBefore: one.notBefore.toISOString(),
        notAfter: one.notAfter.toISOString(),
        isGood: one.isGood,
        certificate: encodePem('CERTIFICATE', one.bytes),
      }));
      return { items };
    },
  );
}
