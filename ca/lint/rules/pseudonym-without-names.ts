import { AT } from '../../../pki/oid.ts';
import { attributeOf } from '../../../pki/name.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** A pseudonym stands instead of given name and surname, not beside them. */
export const pseudonymWithoutNames: CertificateLint = {
  id: 'pseudonym-without-names',
  source: 'EN 319 412-2 NAT-4.2.4-4',
  check({ certificate: { subject } }) {
    if (attributeOf(subject, AT.pseudonym) === undefined) return 'not-applicable';
    const named = attributeOf(subject, AT.givenName) ?? attributeOf(subject, AT.surname);
    return named === undefined ? 'pass' : error('the subject has a pseudonym beside a name');
  },
};
