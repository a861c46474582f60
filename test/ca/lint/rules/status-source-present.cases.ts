import { authorityInfoAccessExtension } from '../../../../pki/extensions/authority-information-access.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'CRL and OCSP': linted('signing'),
    'a CRL alone': linted('signing', { without: [CE.authorityInfoAccess] }),
    'OCSP alone': linted('signing', { without: [CE.cRLDistributionPoints] }),
  },
  error: {
    neither: linted('signing', {
      with: [authorityInfoAccessExtension({ caIssuers: 'http://ca.example.test/ca/bronze.cer' })],
      without: [CE.cRLDistributionPoints],
    }),
    'a responder that does not excuse itself': linted('ocsp-responder', { without: [CE.ocspNoCheck] }),
  },
  'not-applicable': { 'a root': linted('root'), 'a responder with ocsp-nocheck': linted('ocsp-responder') },
};
