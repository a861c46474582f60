import { CE } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

const NEVER_CRITICAL = [
  [CE.authorityKeyIdentifier, 'authorityKeyIdentifier'],
  [CE.issuerAltName, 'issuerAltName'],
  [CE.cRLNumber, 'cRLNumber'],
  [CE.freshestCRL, 'freshestCRL'],
  [CE.authorityInfoAccess, 'authorityInfoAccess'],
  [CE.expiredCertsOnCRL, 'expiredCertsOnCRL'],
] as const;

/** Extensions that do not narrow what the CRL speaks for are not critical. */
export const crlExtensionsNotCritical: CrlLint = {
  id: 'crl-extensions-not-critical',
  source: 'RFC 5280 §5.2.1, §5.2.2, §5.2.3, §5.2.6 and §5.2.7, X.509 §9.5.2.8',
  check({ crl: { extensions } }) {
    if (extensions.size === 0) return 'not-applicable';
    const wrong = NEVER_CRITICAL.find(([oid]) => extensions.get(oid)?.critical);
    return wrong ? error(`${wrong[1]} is critical`) : 'pass';
  },
};
