import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';
import { hasNonAscii } from '../text.ts';

/** Text beyond ASCII is in Unicode's form NFC, so that equal names have equal octets. */
export const namesNormalized: CertificateLint = {
  id: 'names-normalized',
  source: 'practice statement: names',
  check({ certificate }) {
    const texts = subjectAttributes(certificate).filter(({ value }) => hasNonAscii(value));
    if (texts.length === 0) return 'not-applicable';
    const other = texts.find(({ value }) => value.normalize('NFC') !== value);
    return other ? error(`attribute ${other.type} is not in NFC`) : 'pass';
  },
};
