import { authorityKeyIdentifierExtension } from '../../../../pki/extensions/key-identifiers.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintCertificate } from '../../../support/lint-certificate.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { "the CA's own": lintedCrl({}, { issuer: lintCertificate('intermediate') }) },
  error: {
    'that of another key': lintedCrl(
      { with: [authorityKeyIdentifierExtension(Buffer.alloc(20, 1))] },
      { issuer: lintCertificate('intermediate') },
    ),
  },
  'not-applicable': {
    'a CRL whose CA is not at hand': lintedCrl(),
    'a CRL without an identifier': lintedCrl(
      { without: [CE.authorityKeyIdentifier] },
      { issuer: lintCertificate('intermediate') },
    ),
  },
};
