import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** Who issues is a CA whose key may sign certificates. */
export const issuerMaySign: CertificateLint = {
  id: 'issuer-may-sign',
  source: 'RFC 5280 §6.1.4(k) and (n)',
  check({ issuer }) {
    if (!issuer) return 'not-applicable';
    const { basicConstraints, keyUsage } = parsedExtensions(issuer);
    if (!basicConstraints?.ca) return error("the issuer's certificate is not a CA's");
    return !keyUsage || keyUsage.includes('keyCertSign')
      ? 'pass'
      : error("the issuer's key may not sign certificates");
  },
};
