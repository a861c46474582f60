import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** Every CRL says when the next one comes at the latest. */
export const crlNextUpdatePresent: CrlLint = {
  id: 'crl-next-update-present',
  source: 'RFC 5280 §5.1.2.5',
  check({ crl: { nextUpdate } }) {
    return nextUpdate ? 'pass' : error('nextUpdate is missing');
  },
};
