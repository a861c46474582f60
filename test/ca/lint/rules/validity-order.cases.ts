import * as asn1 from '../../../../pki/der/encode.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const noon = asn1.time(new Date('2026-06-15T12:00:00Z'));
const second = asn1.time(new Date('2026-06-15T12:00:01Z'));

export const cases: CertificateCases = {
  pass: {
    'a year': linted('signing'),
    'a single second': linted('signing', { notBefore: noon, notAfter: noon }),
  },
  error: {
    'a notAfter one second before notBefore': linted('signing', { notBefore: second, notAfter: noon }),
  },
  appliesToAll: true,
};
