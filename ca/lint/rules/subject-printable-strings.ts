import { TAG } from '../../../pki/der/tag.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';
import { isPrintableText } from '../text.ts';

/** A PrintableString holds letters, digits, space and ' ( ) + , - . / : = ? and nothing else: no @, no *, no _. */
export const subjectPrintableStrings: CertificateLint = {
  id: 'subject-printable-strings',
  source: 'X.680 §41.4',
  check({ certificate }) {
    const printable = subjectAttributes(certificate).filter(({ tag }) => tag === TAG.printableString);
    if (printable.length === 0) return 'not-applicable';
    const wrong = printable.find(({ value }) => !isPrintableText(value));
    return wrong ? error(`attribute ${wrong.type} is no PrintableString`) : 'pass';
  },
};
