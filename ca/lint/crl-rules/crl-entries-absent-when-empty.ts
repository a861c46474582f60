import { error } from '../finding.ts';
import { rawCrl } from '../linted-crl.ts';
import type { CrlLint } from '../linted-crl.ts';

/** Without entries there is no list of them, not even an empty one. */
export const crlEntriesAbsentWhenEmpty: CrlLint = {
  id: 'crl-entries-absent-when-empty',
  source: 'RFC 5280 §5.1.2.6',
  check({ crl }) {
    const list = rawCrl(crl).revokedCertificates;
    if (!list) return 'not-applicable';
    return list.end > list.content ? 'pass' : error('revokedCertificates is an empty list');
  },
};
