import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** At least one bit is set. */
export const keyUsageNotEmpty: CertificateLint = {
  id: 'key-usage-not-empty',
  source: 'RFC 5280 §4.2.1.3',
  check({ certificate }) {
    const usages = parsedExtensions(certificate).keyUsage;
    if (!usages) return 'not-applicable';
    return usages.length > 0 ? 'pass' : error('keyUsage has no bit set');
  },
};
