import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';
import { hasInvisibleControls } from '../text.ts';

/** No control characters and no bidirectional marks: a right-to-left override lets a name show another name. */
export const namesWithoutControls: CertificateLint = {
  id: 'names-without-controls',
  source: 'practice statement: names',
  check({ certificate }) {
    const attributes = subjectAttributes(certificate);
    if (attributes.length === 0) return 'not-applicable';
    const hidden = attributes.find(({ value }) => hasInvisibleControls(value));
    return hidden ? error(`attribute ${hidden.type} has invisible characters`) : 'pass';
  },
};
