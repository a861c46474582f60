import { admissionExtension } from '../../../../pki/extensions/admission.ts';
import { encodeName } from '../../../../pki/name.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'Persian letters': linted('signing', { subject: physician({ [AT.surname]: 'کریمی' }) }) },
  error: {
    'an Arabic yeh': linted('signing', { subject: physician({ [AT.surname]: 'رضا\u064aی' }) }),
    'an alef maksura': linted('signing', { subject: physician({ [AT.givenName]: 'موس\u0649' }) }),
    'an Arabic kaf': linted('signing', { subject: physician({ [AT.surname]: '\u0643ریمی' }) }),
    'an Arabic yeh in the profession': linted('signing', {
      with: [
        admissionExtension(encodeName([{ type: AT.organizationName, value: 'شورا' }]), {
          items: ['پزشک عموم\u064a'],
          oids: ['2.999.364.1.4.1'],
          registrationNumber: '112233',
        }),
      ],
    }),
  },
  'not-applicable': { 'a subject in ASCII': linted('ocsp-responder') },
};
