import { extendedKeyUsageExtension } from '../../../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import { CE, KP } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'documents and nonRepudiation': linted('signing'),
    'log-in and digitalSignature': linted('authentication'),
    'a purpose that asks for nothing': linted('signing', { with: [extendedKeyUsageExtension(['2.999.8'])] }),
  },
  error: {
    'log-in and nonRepudiation alone': linted('signing', {
      with: [extendedKeyUsageExtension([KP.clientAuth])],
    }),
    'time stamps and keyAgreement alone': linted('time-stamping', {
      with: [keyUsageExtension(['keyAgreement'])],
    }),
  },
  'not-applicable': {
    'a certificate without purposes': linted('intermediate'),
    'a certificate without key usage': linted('signing', { without: [CE.keyUsage] }),
  },
};
