import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** Certificates with extensions are of version 3, written as 2. */
export const version3: CertificateLint = {
  id: 'version-3',
  source: 'RFC 5280 §4.1.2.1, EN 319 412-2 GEN-4.2.1-1',
  check({ certificate: { version } }) {
    return version === 2 ? 'pass' : error(`version ${version + 1}, not 3`);
  },
};
