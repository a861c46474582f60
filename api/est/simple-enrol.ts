import type { FastifyReply } from 'fastify';

import { DomainError } from '../../core/errors.ts';
import { encodeCertificatesOnly } from '../../pki/cms/encode-certificates-only.ts';
import { activate } from '../../ra/activation/activate.ts';
import type { ActivationHouse } from '../../ra/activation/activation-house.ts';
import { RaError } from '../../ra/ra-error.ts';
import type { PublishedAuthority } from '../api-services.ts';
import { ENROLMENT_RATE } from '../enrolments/enrolment-rate.ts';
import type { TypedApp } from '../typed-app.ts';
import { BASIC_CHALLENGE, readBasicCredentials } from './basic-credentials.ts';
import { readEstRequest } from './est-base64.ts';
import { authorityOfLabel } from './est-label.ts';
import { CERTIFICATES_ONLY, sendEst } from './send-est.ts';

export interface EnrolServices {
  authorities: readonly PublishedAuthority[];
  registration: ActivationHouse;
}

/** RFC 7030 §4.2.1: an activation by a device; its two secrets come by HTTP Basic (§3.2.3). */
export function simpleEnrolRoute(app: TypedApp, base: string, services: EnrolServices): void {
  app.post(
    `${base}/simpleenroll`,
    { config: { access: 'public', rateLimit: ENROLMENT_RATE }, schema: { hide: true } },
    async (request, reply) => {
      const authority = authorityOfLabel(services.authorities, request.params);
      const credentials = readBasicCredentials(request.headers.authorization);
      // Whatever is wrong with them is answered alike, and asks for them anew.
      if (!credentials) throw refused(reply);
      try {
        const { certificate } = await activate(services.registration, {
          ...credentials,
          isRemote: true,
          certificationRequest: readEstRequest(request.body),
          ...(authority && { authorityId: authority.id }),
        });
        return await sendEst(reply, CERTIFICATES_ONLY, encodeCertificatesOnly([certificate.bytes]));
      } catch (error) {
        if (!(error instanceof RaError) || error.code !== 'activation-refused') throw error;
        throw refused(reply);
      }
    },
  );
}

function refused(reply: FastifyReply): DomainError {
  reply.header('www-authenticate', BASIC_CHALLENGE);
  return new DomainError(
    'enrolment-credentials',
    'the application and its two secrets are not right, are over, or were tried too often',
  );
}
