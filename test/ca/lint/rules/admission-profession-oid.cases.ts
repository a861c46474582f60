import { admissionExtension } from '../../../../pki/extensions/admission.ts';
import { encodeName } from '../../../../pki/name.ts';
import { AT, CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const authority = encodeName([{ type: AT.organizationName, value: 'سازمان نظام پزشکی' }]);
const admitted = (registrationNumber: string, oid = '2.999.364.1.4.1') =>
  admissionExtension(authority, { items: ['پزشک'], oids: [oid], registrationNumber });

export const cases: CertificateCases = {
  pass: { "a profession of the council's arc": linted('signing') },
  error: {
    'a profession of another arc': linted('signing', { with: [admitted('112233', '2.999.365.1.4.1')] }),
    'another branch of the arc': linted('signing', { with: [admitted('112233', '2.999.364.1.40.1')] }),
  },
  'not-applicable': {
    'a certificate without admission': linted('authentication'),
    'a certificate without a council number': linted('signing', { without: [CE.subjectAltName] }),
  },
};
