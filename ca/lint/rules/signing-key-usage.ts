import { certificateKind } from '../certificate-kind.ts';
import { error, warning } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';
import { keyUsageSetting } from './natural-person-key-usage.ts';

/** A certificate for commitments to content has setting A, B or F; of these A, nonRepudiation alone, should be used. */
export const signingKeyUsage: CertificateLint = {
  id: 'signing-key-usage',
  source: 'EN 319 412-2 NAT-4.3.2-2 and NAT-4.3.2-3',
  check({ certificate }) {
    const usages = parsedExtensions(certificate).keyUsage;
    if (!usages || certificateKind(certificate) !== 'signing') return 'not-applicable';
    const setting = keyUsageSetting(usages);
    // What is none of the settings is for natural-person-key-usage.
    if (!setting) return 'not-applicable';
    if (setting === 'A') return 'pass';
    const commits = setting === 'B' || setting === 'F';
    return commits
      ? warning(`setting ${setting}, not A`)
      : error('a signing certificate without nonRepudiation');
  },
};
