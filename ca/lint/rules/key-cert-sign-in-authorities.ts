import { isAuthority } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** keyCertSign and cA go together; cRLSign is for CAs too, as nobody else issues our CRLs. */
export const keyCertSignInAuthorities: CertificateLint = {
  id: 'key-cert-sign-in-authorities',
  source: 'RFC 5280 §4.2.1.3 and §4.2.1.9',
  check({ certificate }) {
    const usages = parsedExtensions(certificate).keyUsage;
    if (!usages) return 'not-applicable';
    const signsCertificates = usages.includes('keyCertSign');
    if (isAuthority(certificate)) return signsCertificates ? 'pass' : error('a CA without keyCertSign');
    if (signsCertificates) return error('keyCertSign without cA');
    return usages.includes('cRLSign') ? error('cRLSign without cA') : 'pass';
  },
};
