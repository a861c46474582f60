import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** Nothing critical that readers do not know: they could not use the CRL. */
export const crlCriticalExtensionsKnown: CrlLint = {
  id: 'crl-critical-extensions-known',
  source: 'RFC 5280 §5.2 and §5.3',
  check({ crl }) {
    const unknown = [...crl.unknownCritical, ...crl.revokedCertificates.unknownCriticalExtensions];
    return unknown.length === 0 ? 'pass' : error(`extension ${unknown[0]} is critical`);
  },
};
