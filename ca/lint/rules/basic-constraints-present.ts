import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** Every certificate says whether it is a CA's; the standard asks it of CAs only, and readers have guessed wrong. */
export const basicConstraintsPresent: CertificateLint = {
  id: 'basic-constraints-present',
  source: 'RFC 5280 §4.2.1.9, practice statement: profiles',
  check({ certificate }) {
    return parsedExtensions(certificate).basicConstraints ? 'pass' : error('basicConstraints is missing');
  },
};
