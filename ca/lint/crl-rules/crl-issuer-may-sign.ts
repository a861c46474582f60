import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** The CA's key usage has cRLSign. */
export const crlIssuerMaySign: CrlLint = {
  id: 'crl-issuer-may-sign',
  source: 'RFC 5280 §4.2.1.3 and §6.3.3(f)',
  check({ issuer }) {
    const usages = issuer && parsedExtensions(issuer).keyUsage;
    if (!usages) return 'not-applicable';
    return usages.includes('cRLSign') ? 'pass' : error("the CA's key may not sign CRLs");
  },
};
