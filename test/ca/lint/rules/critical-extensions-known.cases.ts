import * as asn1 from '../../../../pki/der/encode.ts';
import { crlDistributionPointsExtension } from '../../../../pki/extensions/crl-distribution-points.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'keyUsage and basicConstraints': linted('signing'),
    'the purpose of a time stamping unit': linted('time-stamping'),
  },
  error: {
    'an unknown extension': linted('signing', {
      with: [{ oid: '2.999.7', critical: true, value: asn1.NULL }],
    }),
    'a critical CRL distribution point': linted('signing', {
      with: [
        { ...crlDistributionPointsExtension(['http://ca.example.test/crl/bronze/3.crl']), critical: true },
      ],
    }),
  },
  'not-applicable': { 'a certificate without extensions': linted('signing', { extensionList: [] }) },
};
