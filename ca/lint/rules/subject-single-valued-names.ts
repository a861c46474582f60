import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** One attribute in each relative name: the order in a SET OF is not the order of anybody's display. */
export const subjectSingleValuedNames: CertificateLint = {
  id: 'subject-single-valued-names',
  source: 'practice statement: names',
  check({ certificate: { subject } }) {
    if (subject.rdns.length === 0) return 'not-applicable';
    const multiple = subject.rdns.some((rdn) => rdn.length > 1);
    return multiple ? error('a relative name has several attributes') : 'pass';
  },
};
