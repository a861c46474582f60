import { authorityKeyIdentifierExtension } from '../../../../pki/extensions/key-identifiers.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { lintCertificate, linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { "the issuer's own": linted('signing', {}, { issuer: lintCertificate('intermediate') }) },
  error: {
    'that of another key': linted(
      'signing',
      { with: [authorityKeyIdentifierExtension(Buffer.alloc(20, 1))] },
      { issuer: lintCertificate('intermediate') },
    ),
  },
  'not-applicable': {
    'a certificate whose issuer is not at hand': linted('signing'),
    'an issuer without a key identifier': linted(
      'signing',
      {},
      {
        issuer: lintCertificate('intermediate', { without: [CE.subjectKeyIdentifier] }),
      },
    ),
  },
};
