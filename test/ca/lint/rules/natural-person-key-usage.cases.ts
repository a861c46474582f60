import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'setting A': linted('signing'),
    'setting C': linted('authentication'),
    'setting E': linted('authentication', { with: [keyUsageExtension(['keyAgreement'])] }),
  },
  warning: {
    'setting B': linted('signing', { with: [keyUsageExtension(['digitalSignature', 'nonRepudiation'])] }),
    'setting D': linted('authentication', {
      with: [keyUsageExtension(['digitalSignature', 'keyAgreement'])],
    }),
    'setting F': linted('signing', {
      with: [keyUsageExtension(['digitalSignature', 'nonRepudiation', 'keyEncipherment'])],
    }),
  },
  error: {
    'nonRepudiation with keyEncipherment alone': linted('signing', {
      with: [keyUsageExtension(['nonRepudiation', 'keyEncipherment'])],
    }),
    'both ways to exchange keys': linted('authentication', {
      with: [keyUsageExtension(['digitalSignature', 'keyEncipherment', 'keyAgreement'])],
    }),
    dataEncipherment: linted('signing', {
      with: [keyUsageExtension(['nonRepudiation', 'dataEncipherment'])],
    }),
  },
  'not-applicable': {
    'a CA': linted('intermediate'),
    'an officer': linted('officer'),
    'a signer without key usage': linted('signing', { without: [CE.keyUsage] }),
  },
};
