import { Type } from 'typebox';

import { encodePem } from '../../pki/pem.ts';
import type { ApiServices, PublishedAuthority } from '../api-services.ts';
import { Instant, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

const AuthorityView = Type.Object({
  id: Type.String(),
  issuer: Type.Optional(Type.String()),
  assuranceLevel: Type.Integer(),
  subject: Type.String(),
  notBefore: Instant,
  notAfter: Instant,
  profiles: Type.Array(Type.String()),
  certificateUrl: Type.String(),
  crlUrl: Type.String(),
  ocspUrl: Type.Optional(Type.String()),
  certificate: Type.String({ description: 'PEM' }),
});

export function listAuthoritiesRoute(app: TypedApp, services: ApiServices): void {
  app.get(
    '/authorities',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'list-authorities',
        tags: ['authorities'],
        summary: 'Certification authorities of this deployment',
        response: { 200: Type.Object({ items: Type.Array(AuthorityView) }), ...problems },
      },
    },
    () => ({ items: services.authorities.map((authority) => viewOf(authority, services.publicUrl)) }),
  );
}

function viewOf(authority: PublishedAuthority, publicUrl: string) {
  return {
    id: authority.id,
    ...(authority.issuerId && { issuer: authority.issuerId }),
    assuranceLevel: authority.assuranceLevel,
    subject: authority.subject,
    notBefore: authority.notBefore.toISOString(),
    notAfter: authority.notAfter.toISOString(),
    profiles: authority.profiles,
    certificateUrl: `${publicUrl}/ca/${authority.id}.cer`,
    crlUrl: `${publicUrl}/crl/${authority.id}.crl`,
    // A root answers by CRL only: its key is offline.
    ...(authority.issuerId && { ocspUrl: `${publicUrl}/ocsp/${authority.id}` }),
    certificate: encodePem('CERTIFICATE', authority.certificate),
  };
}
