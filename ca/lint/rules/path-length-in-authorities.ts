import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** pathLenConstraint stands only beside cA and keyCertSign; the reader of extensions refuses negative ones. */
export const pathLengthInAuthorities: CertificateLint = {
  id: 'path-length-in-authorities',
  source: 'RFC 5280 §4.2.1.9',
  check({ certificate }) {
    const { basicConstraints, keyUsage } = parsedExtensions(certificate);
    if (basicConstraints?.pathLength === undefined) return 'not-applicable';
    if (!basicConstraints.ca) return error('pathLenConstraint without cA');
    return keyUsage?.includes('keyCertSign') ? 'pass' : error('pathLenConstraint without keyCertSign');
  },
};
