import { KP } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** anyExtendedKeyUsage is never asserted: a signing key would become a log-in key. */
export const anyExtendedKeyUsageAbsent: CertificateLint = {
  id: 'any-extended-key-usage-absent',
  source: 'RFC 5280 §4.2.1.12, practice statement: profiles',
  check({ certificate }) {
    const purposes = parsedExtensions(certificate).extendedKeyUsage;
    if (!purposes) return 'not-applicable';
    return purposes.includes(KP.anyExtendedKeyUsage) ? error('anyExtendedKeyUsage is present') : 'pass';
  },
};
