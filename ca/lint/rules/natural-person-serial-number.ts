import { AT } from '../../../pki/oid.ts';
import { attributeOf } from '../../../pki/name.ts';
import { isNaturalPerson } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** Names are not unique among 285,000 members, so the subject has a serialNumber. */
export const naturalPersonSerialNumber: CertificateLint = {
  id: 'natural-person-serial-number',
  source: 'EN 319 412-2 NAT-4.2.4-2',
  check({ certificate }) {
    if (!isNaturalPerson(certificate)) return 'not-applicable';
    const serialNumber = attributeOf(certificate.subject, AT.serialNumber);
    return serialNumber === undefined ? error('the subject has no serialNumber') : 'pass';
  },
};
