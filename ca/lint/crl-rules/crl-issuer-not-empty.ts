import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** The issuer is a non-empty distinguished name. */
export const crlIssuerNotEmpty: CrlLint = {
  id: 'crl-issuer-not-empty',
  source: 'RFC 5280 §5.1.2.3',
  check({ crl: { issuer } }) {
    return issuer.rdns.length > 0 ? 'pass' : error('the issuer name is empty');
  },
};
