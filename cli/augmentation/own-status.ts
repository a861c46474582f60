import { randomBytes } from 'node:crypto';

import type { PublishedCrls } from '../../ca/crl/crl-cache.ts';
import type { OcspResponder } from '../../ocsp/responder.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { nonceExtension } from '../../pki/ocsp-extensions.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import type { Hierarchy } from '../open-authorities.ts';
import type { PathMaterialOptions } from './path-material-source.ts';

export interface OwnStatusSources {
  hierarchy: Hierarchy;
  ocsp: Pick<OcspResponder, 'respond' | 'hosts'>;
  crls: PublishedCrls;
}

const NONCE_OCTETS = 16;

/** Statuses of what this deployment issued: an OCSP response of the responder in this process, or the CRL of an authority without one. */
export function ownStatus({
  hierarchy,
  ocsp,
  crls,
}: OwnStatusSources): NonNullable<PathMaterialOptions['ownStatus']> {
  const idOf = (issuer: Certificate) =>
    [...hierarchy.certificates].find(([, one]) => one.bytes.equals(issuer.bytes))?.[0];
  return async (certificate, issuer) => {
    const authorityId = idOf(issuer);
    if (authorityId === undefined) return undefined;
    if (ocsp.hosts(authorityId)) {
      // With a nonce the answer is signed now: one from before the time stamp would say less.
      const certId = encodeCertId('sha1', issuer, certificate.serialNumber);
      const request = encodeOcspRequest([certId], [nonceExtension(randomBytes(NONCE_OCTETS))]);
      const { body, status } = await ocsp.respond(request, authorityId);
      if (status === 'successful') return { kind: 'ocsp-response', bytes: body };
    }
    const crl = crls.current({ authorityId, kind: 'complete' });
    return crl && { kind: 'crl', bytes: Buffer.concat(crl.der) };
  };
}
