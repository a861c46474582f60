import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { subjectAttributes } from '../subject-attributes.ts';

/** Each attribute has a value: its syntax starts at one character, and a lone space says as little as nothing. */
export const subjectAttributesNotEmpty: CertificateLint = {
  id: 'subject-attributes-not-empty',
  source: 'RFC 5280 appendix A.1',
  check({ certificate }) {
    const attributes = subjectAttributes(certificate);
    if (attributes.length === 0) return 'not-applicable';
    const empty = attributes.find(({ value }) => value.trim() === '');
    return empty ? error(`attribute ${empty.type} is empty`) : 'pass';
  },
};
