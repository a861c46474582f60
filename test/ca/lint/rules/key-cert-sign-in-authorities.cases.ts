import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a CA with keyCertSign': linted('intermediate'), 'a leaf without it': linted('signing') },
  error: {
    'a leaf with keyCertSign': linted('signing', {
      with: [keyUsageExtension(['nonRepudiation', 'keyCertSign'])],
    }),
    'a leaf with cRLSign': linted('signing', { with: [keyUsageExtension(['nonRepudiation', 'cRLSign'])] }),
    'a CA without keyCertSign': linted('intermediate', { with: [keyUsageExtension(['cRLSign'])] }),
  },
  'not-applicable': { 'a certificate without key usage': linted('signing', { without: [CE.keyUsage] }) },
};
