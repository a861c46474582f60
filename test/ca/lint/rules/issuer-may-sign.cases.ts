import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { lintCertificate, linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'a CA with keyCertSign': linted('signing', {}, { issuer: lintCertificate('intermediate') }),
    'a CA without key usage': linted(
      'signing',
      {},
      { issuer: lintCertificate('intermediate', { without: [CE.keyUsage] }) },
    ),
  },
  error: {
    'a leaf as issuer': linted('signing', {}, { issuer: lintCertificate('signing') }),
    'a CA that may sign CRLs only': linted(
      'signing',
      {},
      {
        issuer: lintCertificate('intermediate', { with: [keyUsageExtension(['cRLSign'])] }),
      },
    ),
  },
  'not-applicable': { 'a certificate whose issuer is not at hand': linted('signing') },
};
