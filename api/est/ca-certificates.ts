import { encodeCertificatesOnly } from '../../pki/cms/encode-certificates-only.ts';
import type { PublishedAuthority } from '../api-services.ts';
import type { TypedApp } from '../typed-app.ts';
import { authorityOfLabel } from './est-label.ts';
import { sendEst } from './send-est.ts';

/** RFC 7030 §4.1: the certificates of a CA up to its root; without a label, of all. */
export function caCertificatesRoute(
  app: TypedApp,
  base: string,
  authorities: readonly PublishedAuthority[],
): void {
  app.get(
    `${base}/cacerts`,
    { config: { access: 'public' }, schema: { hide: true } },
    async (request, reply) => {
      const one = authorityOfLabel(authorities, request.params);
      const shown = one ? chainOf(authorities, one) : authorities;
      return sendEst(
        reply,
        'application/pkcs7-mime',
        encodeCertificatesOnly(shown.map(({ certificate }) => certificate)),
      );
    },
  );
}

/** From the CA upwards. */
export function chainOf(
  authorities: readonly PublishedAuthority[],
  { id }: Pick<PublishedAuthority, 'id'>,
): PublishedAuthority[] {
  const chain: PublishedAuthority[] = [];
  let one = authorities.find((authority) => authority.id === id);
  while (one && !chain.includes(one)) {
    chain.push(one);
    const { issuerId } = one;
    one = authorities.find((authority) => authority.id === issuerId);
  }
  return chain;
}
