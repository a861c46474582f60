import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a critical one': linted('signing') },
  error: {
    'one that is not': linted('signing', {
      with: [{ ...keyUsageExtension(['nonRepudiation']), critical: false }],
    }),
  },
  'not-applicable': { 'a certificate without it': linted('signing', { without: [CE.keyUsage] }) },
};
