import { Type } from 'typebox';

import { DomainError } from '../../core/errors.ts';
import type { CertificateDirectory } from '../../ra/certificate-directory.ts';
import { renewableFrom } from '../../ra/renewal/renewal-window.ts';
import { viewOfStatus } from '../certificates/certificate-view.ts';
import { Instant, StatusSchema, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

/** A page that is open asks now and then. */
const STANDING_RATE = { max: 60, timeWindow: '1 minute' };

/** Who has the certificate knows its hash; what is told is what OCSP tells everybody, and nothing of the person. */
export function readStandingRoute(app: TypedApp, { directory }: { directory: CertificateDirectory }): void {
  app.get(
    '/enrolments/certificates/:sha256',
    {
      config: { access: 'public', rateLimit: STANDING_RATE },
      schema: {
        operationId: 'read-certificate-standing',
        tags: ['enrolments'],
        summary: 'How a certificate stands that a phone has: its status, and from when on it is renewed',
        params: Type.Object({
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of the certificate, DER' }),
        }),
        response: {
          200: Type.Object({
            authority: Type.String(),
            serialNumber: Type.String(),
            status: StatusSchema,
            notBefore: Instant,
            notAfter: Instant,
            renewableFrom: Instant,
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const found = await directory.findByFingerprint(Buffer.from(request.params.sha256, 'hex'));
      if (!found) throw new DomainError('certificate-not-found', 'no certificate of a holder has this hash');
      return {
        authority: found.authorityId,
        serialNumber: found.serialNumber.toString('hex'),
        status: viewOfStatus(found.status),
        notBefore: found.notBefore.toISOString(),
        notAfter: found.notAfter.toISOString(),
        renewableFrom: renewableFrom(found).toISOString(),
      };
    },
  );
}
