import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'nonRepudiation alone': linted('signing') },
  warning: {
    'setting B, for relying parties that insist on it': linted('signing', {
      with: [keyUsageExtension(['digitalSignature', 'nonRepudiation'])],
    }),
    'setting F': linted('signing', {
      with: [keyUsageExtension(['digitalSignature', 'nonRepudiation', 'keyAgreement'])],
    }),
  },
  error: {
    'document signing without nonRepudiation': linted('signing', {
      with: [keyUsageExtension(['digitalSignature'])],
    }),
  },
  'not-applicable': {
    'a certificate for log-in': linted('authentication'),
    'a setting that is none of the table': linted('signing', {
      with: [keyUsageExtension(['nonRepudiation', 'keyAgreement'])],
    }),
  },
};
