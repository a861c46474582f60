import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** The list of purposes has members, and none twice. */
export const extendedKeyUsageNotEmpty: CertificateLint = {
  id: 'extended-key-usage-not-empty',
  source: 'RFC 5280 §4.2.1.12',
  check({ certificate }) {
    const purposes = parsedExtensions(certificate).extendedKeyUsage;
    if (!purposes) return 'not-applicable';
    if (purposes.length === 0) return error('extKeyUsage is empty');
    return new Set(purposes).size === purposes.length ? 'pass' : error('extKeyUsage names a purpose twice');
  },
};
