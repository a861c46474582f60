import { isAuthority } from '../certificate-kind.ts';
import { error, warning } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** A CA's certificate has a subject key identifier; others should have one. */
export const subjectKeyIdentifierPresent: CertificateLint = {
  id: 'subject-key-identifier-present',
  source: 'RFC 5280 §4.2.1.2',
  check({ certificate }) {
    if (parsedExtensions(certificate).subjectKeyIdentifier) return 'pass';
    return isAuthority(certificate)
      ? error('the CA has no subjectKeyIdentifier')
      : warning('no subjectKeyIdentifier');
  },
};
