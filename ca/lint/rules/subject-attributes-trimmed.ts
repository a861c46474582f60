import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';

/** No white space around a value: two names that look alike would differ. */
export const subjectAttributesTrimmed: CertificateLint = {
  id: 'subject-attributes-trimmed',
  source: 'practice statement: names',
  check({ certificate }) {
    const attributes = subjectAttributes(certificate);
    if (attributes.length === 0) return 'not-applicable';
    const padded = attributes.find(({ value }) => value.trim() !== value);
    return padded ? error(`attribute ${padded.type} begins or ends with white space`) : 'pass';
  },
};
