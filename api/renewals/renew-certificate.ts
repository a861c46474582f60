import { Type } from 'typebox';

import { renewCertificate } from '../../ra/renewal/renew-certificate.ts';
import type { RenewalHouse } from '../../ra/renewal/renewal.ts';
import { encodePem } from '../../pki/pem.ts';
import { Instant, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { RENEWAL_RATE, SignatureText, readSignature } from './signature-text.ts';

const RenewalView = Type.Object({
  id: Uuid,
  authority: Type.String(),
  serialNumber: Type.String(),
  notBefore: Instant,
  notAfter: Instant,
  certificate: Type.String({ description: 'PEM' }),
});

export function renewCertificateRoute(app: TypedApp, house: RenewalHouse): void {
  app.post(
    '/renewals',
    {
      config: { access: 'public', rateLimit: RENEWAL_RATE },
      schema: {
        operationId: 'renew-certificate',
        tags: ['renewals'],
        summary: 'Renew a certificate in its last 90 days, signed with it',
        description:
          'What is signed is the canonical JSON (RFC 8785) of {"certificate": {"authority", "serialNumber"}, ' +
          '"certificationRequest": PKCS#10 with the new key (DER, base64), "type": "mohr-renewal-request"}. ' +
          'The same signature sent again is answered with the same certificate.',
        body: Type.Object({ signature: SignatureText }, { additionalProperties: false }),
        response: { 201: RenewalView, ...problems },
      },
    },
    async (request, reply) => {
      const { renewal, certificate } = await renewCertificate(house, readSignature(request.body.signature));
      return reply.code(201).send({
        id: renewal.id,
        authority: certificate.authorityId,
        serialNumber: certificate.serialNumber.toString('hex'),
        notBefore: certificate.notBefore.toISOString(),
        notAfter: certificate.notAfter.toISOString(),
        certificate: encodePem('CERTIFICATE', certificate.bytes),
      });
    },
  );
}
