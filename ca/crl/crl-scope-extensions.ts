import { unreachable } from '../../core/errors.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Extension } from '../../pki/extension.ts';
import { crlDistributionPointsExtension } from '../../pki/extensions/crl-distribution-points.ts';
import { deltaCrlIndicatorExtension } from '../../pki/extensions/delta-crl-indicator.ts';
import { expiredCertsOnCrlExtension } from '../../pki/extensions/expired-certs-on-crl.ts';
import { issuingDistributionPointExtension } from '../../pki/extensions/issuing-distribution-point.ts';
import { CE } from '../../pki/oid.ts';
import { crlUri } from './crl-scope.ts';
import type { CrlScope } from './crl-scope.ts';

/**
 * What distinguishes the CRLs of an authority. A complete CRL speaks for all certificates of the issuer and has no
 * IssuingDistributionPoint; a shard's names exactly the URI in its leaves' CDP (RFC 5280 §5.2.5); a complete CRL and its delta
 * cover the same scope, so neither has one (§5.2.4).
 */
export function crlScopeExtensions(facts: {
  publicUrl: string;
  certificate: Certificate;
  scope: CrlScope;
  /** Present when a delta is issued: on which complete CRL it builds. */
  baseCrlNumber?: number;
}): Extension[] {
  const { publicUrl, scope, baseCrlNumber } = facts;
  // Nothing ever leaves the list for its age: from the CA's first day on.
  const expiredCerts = expiredCertsOnCrlExtension(facts.certificate.notBefore);
  switch (scope.kind) {
    case 'shard':
      return [issuingDistributionPointExtension([crlUri(publicUrl, scope)]), expiredCerts];
    case 'complete':
      return baseCrlNumber === undefined
        ? [expiredCerts]
        : [expiredCerts, freshestCrl(publicUrl, scope.authorityId)];
    case 'delta':
      if (baseCrlNumber === undefined) throw new TypeError('a delta CRL without its base');
      return [deltaCrlIndicatorExtension(baseCrlNumber), expiredCerts];
    default:
      return unreachable(scope);
  }
}

/** FreshestCRL (RFC 5280 §5.2.6): where the delta CRL is. */
function freshestCrl(publicUrl: string, authorityId: string): Extension {
  return crlDistributionPointsExtension([crlUri(publicUrl, { authorityId, kind: 'delta' })], CE.freshestCRL);
}
