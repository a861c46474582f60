import { CE } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** Extensions that RFC 5280 requires or allows to be critical, and that relying parties therefore process. */
const MAY_BE_CRITICAL: ReadonlySet<string> = new Set([
  CE.keyUsage,
  CE.basicConstraints,
  CE.certificatePolicies,
  CE.policyMappings,
  CE.subjectAltName,
  CE.nameConstraints,
  CE.policyConstraints,
  CE.extKeyUsage,
  CE.inhibitAnyPolicy,
]);

/** Nothing is critical that a standard does not let be: whoever does not know it must reject the certificate. */
export const criticalExtensionsKnown: CertificateLint = {
  id: 'critical-extensions-known',
  source: 'EN 319 412-2 GEN-4.1-2, RFC 5280 §4.2',
  check({ certificate: { extensions } }) {
    if (extensions.size === 0) return 'not-applicable';
    for (const { oid, critical } of extensions.values()) {
      if (critical && !MAY_BE_CRITICAL.has(oid)) return error(`extension ${oid} is critical`);
    }
    return 'pass';
  },
};
