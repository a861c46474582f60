import * as asn1 from '../../../../pki/der/encode.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a certificate without them': linted('signing') },
  error: {
    'an issuerUniqueID': linted('signing', {
      uniqueIdentifiers: asn1.implicit(1, asn1.bitString(Buffer.from([1]))),
    }),
    'a subjectUniqueID': linted('signing', {
      uniqueIdentifiers: asn1.implicit(2, asn1.bitString(Buffer.from([1]))),
    }),
  },
  appliesToAll: true,
};
