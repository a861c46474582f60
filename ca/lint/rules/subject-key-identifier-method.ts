import { digest } from '../../../pki/digest-algorithm.ts';
import { notice } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';
import { publicKeyInfo } from '../public-key-info.ts';

/** Ours are made by method 1: SHA-1 over the octets of subjectPublicKey. Others are allowed. */
export const subjectKeyIdentifierMethod: CertificateLint = {
  id: 'subject-key-identifier-method',
  source: 'RFC 5280 §4.2.1.2',
  check({ certificate }) {
    const identifier = parsedExtensions(certificate).subjectKeyIdentifier;
    if (!identifier) return 'not-applicable';
    const methodOne = digest('sha1', publicKeyInfo(certificate).key);
    return identifier.equals(methodOne) ? 'pass' : notice('subjectKeyIdentifier is not made by method 1');
  },
};
