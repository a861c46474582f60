import { admissionExtension } from '../../../../pki/extensions/admission.ts';
import { permanentIdentifierExtension } from '../../../../pki/extensions/subject-alternative-name.ts';
import { encodeName } from '../../../../pki/name.ts';
import { AT, CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const authority = encodeName([{ type: AT.organizationName, value: 'سازمان نظام پزشکی' }]);
const admitted = (registrationNumber: string, oid = '2.999.364.1.4.1') =>
  admissionExtension(authority, { items: ['پزشک'], oids: [oid], registrationNumber });

export const cases: CertificateCases = {
  pass: {
    'the same number and profession': linted('signing'),
    'the same number with leading zeros': linted('signing', { with: [admitted('0000112233')] }),
  },
  error: {
    'another number': linted('signing', { with: [admitted('112234')] }),
    'the profession of another group': linted('signing', { with: [admitted('112233', '2.999.364.1.4.2')] }),
    'a group that does not exist': linted('signing', {
      with: [
        permanentIdentifierExtension({ identifierValue: 'surgeon-112233', assigner: '2.999.364.1.3.1' }),
      ],
    }),
  },
  'not-applicable': {
    'a certificate without admission': linted('authentication'),
    'a certificate without a council number': linted('signing', { without: [CE.subjectAltName] }),
  },
};
