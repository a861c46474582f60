import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** Every CRL says by which key it is signed, in keyIdentifier. */
export const crlAuthorityKeyIdentifierPresent: CrlLint = {
  id: 'crl-authority-key-identifier-present',
  source: 'RFC 5280 §5.2.1',
  check({ crl: { authorityKeyIdentifier } }) {
    return authorityKeyIdentifier ? 'pass' : error('authorityKeyIdentifier with keyIdentifier is missing');
  },
};
