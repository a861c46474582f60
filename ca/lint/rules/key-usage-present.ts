import { isAuthority, isNaturalPerson } from '../certificate-kind.ts';
import { error, warning } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** CAs and people have a key usage; what else has none may be used for anything. */
export const keyUsagePresent: CertificateLint = {
  id: 'key-usage-present',
  source: 'RFC 5280 §4.2.1.3, EN 319 412-2 NAT-4.3.2-1',
  check({ certificate }) {
    if (parsedExtensions(certificate).keyUsage) return 'pass';
    const required = isAuthority(certificate) || isNaturalPerson(certificate);
    return required ? error('keyUsage is missing') : warning('keyUsage is missing');
  },
};
