import { CE } from '../../../pki/oid.ts';
import { isAuthority } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** What constrains the certificates below has no place in one that has none below. */
const CONTROLS = [
  [CE.policyMappings, 'policyMappings'],
  [CE.nameConstraints, 'nameConstraints'],
  [CE.policyConstraints, 'policyConstraints'],
  [CE.inhibitAnyPolicy, 'inhibitAnyPolicy'],
] as const;

export const policyControlsInAuthorities: CertificateLint = {
  id: 'policy-controls-in-authorities',
  source: 'RFC 5280 §4.2.1.10, EN 319 412-2 GEN-4.3.4-1, GEN-4.3.8-1, GEN-4.3.9-1, GEN-4.3.12-1',
  check({ certificate }) {
    if (isAuthority(certificate)) return 'not-applicable';
    const found = CONTROLS.find(([oid]) => certificate.extensions.has(oid));
    return found ? error(`${found[1]} in a leaf`) : 'pass';
  },
};
