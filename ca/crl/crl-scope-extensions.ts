import { unreachable } from '../../core/errors.ts';
import type { Extension } from '../../pki/extension.ts';
import { crlDistributionPointsExtension } from '../../pki/extensions/crl-distribution-points.ts';
import { deltaCrlIndicatorExtension } from '../../pki/extensions/delta-crl-indicator.ts';
import { expiredCertsOnCrlExtension } from '../../pki/extensions/expired-certs-on-crl.ts';
import { issuingDistributionPointExtension } from '../../pki/extensions/issuing-distribution-point.ts';
import { CE } from '../../pki/oid.ts';
import type { CrlAuthority } from './crl-house.ts';
import { crlUri } from './crl-scope.ts';
import type { CrlScope } from './crl-scope.ts';

/**
 * What distinguishes the CRLs of an authority. A complete CRL speaks for all certificates of the issuer and has no
 * IssuingDistributionPoint; a shard's names exactly the URI in its leaves' CDP (RFC 5280 §5.2.5); a complete CRL and its delta
 * cover the same scope, so neither has one (§5.2.4).
 */
export function crlScopeExtensions(
  publicUrl: string,
  { authority, delta }: CrlAuthority,
  scope: CrlScope,
  baseCrlNumber?: number,
): Extension[] {
  // Nothing ever leaves the list for its age: from the CA's first day on.
  const expiredCerts = expiredCertsOnCrlExtension(authority.certificate.notBefore);
  switch (scope.kind) {
    case 'shard':
      return [issuingDistributionPointExtension([crlUri(publicUrl, scope)]), expiredCerts];
    case 'complete':
      return delta ? [expiredCerts, freshestCrl(publicUrl, authority.id)] : [expiredCerts];
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
