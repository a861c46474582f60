import { DomainError } from '../../core/errors.ts';
import { encodeCertificatesOnly } from '../../pki/cms/encode-certificates-only.ts';
import { renewOverTls } from '../../ra/renewal/renew-over-tls.ts';
import type { RenewalHouse } from '../../ra/renewal/renewal.ts';
import type { PublishedAuthority } from '../api-services.ts';
import { RENEWAL_RATE } from '../renewals/signature-text.ts';
import { shownCertificateOf } from '../tls-listener.ts';
import type { TypedApp } from '../typed-app.ts';
import { readEstRequest } from './est-base64.ts';
import { authorityOfLabel } from './est-label.ts';
import { CERTIFICATES_ONLY, sendEst } from './send-est.ts';

export interface ReenrolServices {
  authorities: readonly PublishedAuthority[];
  renewal: RenewalHouse;
}

/** RFC 7030 §4.2.2: a renewal over TLS with the certificate that is renewed. */
export function simpleReenrolRoute(app: TypedApp, base: string, services: ReenrolServices): void {
  app.post(
    `${base}/simplereenroll`,
    { config: { access: 'public', rateLimit: RENEWAL_RATE }, schema: { hide: true } },
    async (request, reply) => {
      const authority = authorityOfLabel(services.authorities, request.params);
      const certificate = shownCertificateOf(request);
      if (!certificate)
        throw new DomainError(
          'client-certificate-missing',
          'show the certificate that is to be renewed in the handshake',
        );
      const outcome = await renewOverTls(services.renewal, {
        certificate,
        certificationRequest: readEstRequest(request.body),
        ...(authority && { authorityId: authority.id }),
      });
      return sendEst(reply, CERTIFICATES_ONLY, encodeCertificatesOnly([outcome.certificate.bytes]));
    },
  );
}
