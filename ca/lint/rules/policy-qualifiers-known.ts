import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** Policies are qualified by a CPS pointer or a user notice, and by nothing else. */
export const policyQualifiersKnown: CertificateLint = {
  id: 'policy-qualifiers-known',
  source: 'RFC 5280 §4.2.1.4',
  check({ certificate }) {
    const qualifiers =
      parsedExtensions(certificate).certificatePolicies?.flatMap((policy) => policy.qualifiers) ?? [];
    if (qualifiers.length === 0) return 'not-applicable';
    for (const qualifier of qualifiers)
      if (qualifier.kind === 'other') return error(`policy qualifier ${qualifier.id}`);
    return 'pass';
  },
};
