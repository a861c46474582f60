import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** No white space around a value: two names that look alike would differ. */
export const subjectAttributesTrimmed: CertificateLint = {
  id: 'subject-attributes-trimmed',
  source: 'practice statement: names',
  check({ certificate: { subject } }) {
    if (subject.rdns.length === 0) return 'not-applicable';
    const padded = subject.rdns.flat().find(({ value }) => value.trim() !== value);
    return padded ? error(`attribute ${padded.type} begins or ends with white space`) : 'pass';
  },
};
