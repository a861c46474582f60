import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** CRLs are of version 2: they have extensions. */
export const crlVersion2: CrlLint = {
  id: 'crl-version-2',
  source: 'RFC 5280 §5.1.2.1',
  check({ crl: { version } }) {
    return version === 2 ? 'pass' : error(`version ${version}, not 2`);
  },
};
