import { Type } from 'typebox';

import { renewCertificate } from '../../ra/renewal/renew-certificate.ts';
import type { RenewalHouse } from '../../ra/renewal/renewal.ts';
import { encodePem } from '../../pki/pem.ts';
import { AttestationBody, VerdictView, shownIn, viewOfVerdict } from '../enrolments/attestation-body.ts';
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
  ...VerdictView,
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
          'The same signature sent again is answered with the same certificate. An attestation of the new key, for a challenge of ' +
          'the certificate that is renewed, decides whether the new one names the policy of phone hardware; one that proves nothing ' +
          'refuses nothing.',
        body: Type.Object(
          { signature: SignatureText, attestation: Type.Optional(AttestationBody) },
          { additionalProperties: false },
        ),
        response: { 201: RenewalView, ...problems },
      },
    },
    async (request, reply) => {
      const { signature, attestation } = request.body;
      const { renewal, certificate, verdict } = await renewCertificate(
        house,
        readSignature(signature),
        attestation && shownIn(attestation),
      );
      return reply.code(201).send({
        id: renewal.id,
        authority: certificate.authorityId,
        serialNumber: certificate.serialNumber.toString('hex'),
        notBefore: certificate.notBefore.toISOString(),
        notAfter: certificate.notAfter.toISOString(),
        certificate: encodePem('CERTIFICATE', certificate.bytes),
        ...(verdict && viewOfVerdict(verdict)),
      });
    },
  );
}
