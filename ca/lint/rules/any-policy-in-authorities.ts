import { PKIX } from '../../../pki/oid.ts';
import { isAuthority } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** anyPolicy is for CAs: in a leaf it would claim every assurance level at once. */
export const anyPolicyInAuthorities: CertificateLint = {
  id: 'any-policy-in-authorities',
  source: 'practice statement: policies',
  check({ certificate }) {
    const policies = parsedExtensions(certificate).certificatePolicies;
    if (!policies || isAuthority(certificate)) return 'not-applicable';
    return policies.some(({ policy }) => policy === PKIX.anyPolicy) ? error('anyPolicy in a leaf') : 'pass';
  },
};
