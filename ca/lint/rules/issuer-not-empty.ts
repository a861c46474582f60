import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** The issuer is a non-empty distinguished name. */
export const issuerNotEmpty: CertificateLint = {
  id: 'issuer-not-empty',
  source: 'RFC 5280 §4.1.2.4',
  check({ certificate: { issuer } }) {
    return issuer.rdns.length > 0 ? 'pass' : error('the issuer name is empty');
  },
};
