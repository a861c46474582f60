import { isSelfIssued } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** All but self-signed certificates say by which key they are signed, in keyIdentifier. */
export const authorityKeyIdentifierPresent: CertificateLint = {
  id: 'authority-key-identifier-present',
  source: 'RFC 5280 §4.2.1.1, EN 319 412-2 GEN-4.3.1-1',
  check({ certificate }) {
    if (isSelfIssued(certificate)) return 'not-applicable';
    const identifier = parsedExtensions(certificate).authorityKeyIdentifier;
    if (!identifier) return error('authorityKeyIdentifier is missing');
    return identifier.keyIdentifier ? 'pass' : error('authorityKeyIdentifier has no keyIdentifier');
  },
};
