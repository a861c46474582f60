import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** Every CRL has a number. */
export const crlNumberPresent: CrlLint = {
  id: 'crl-number-present',
  source: 'RFC 5280 §5.2.3',
  check({ crl: { crlNumber } }) {
    return crlNumber === undefined ? error('cRLNumber is missing') : 'pass';
  },
};
