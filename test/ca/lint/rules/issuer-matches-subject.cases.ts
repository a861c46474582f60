import { encodeName } from '../../../../pki/name.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { lintCertificate, linted } from '../../../support/lint-certificate.ts';

const issuer = lintCertificate('intermediate');

export const cases: CertificateCases = {
  pass: { "the issuer's own octets": linted('signing', {}, { issuer }) },
  error: {
    'another name': linted(
      'signing',
      { issuer: encodeName([{ type: AT.commonName, value: 'Other CA' }]) },
      { issuer },
    ),
    'the same name in another string type': linted(
      'signing',
      {
        issuer: encodeName([
          { type: AT.countryName, value: 'IR' },
          { type: AT.organizationName, value: 'Health CA', form: 'printable' },
          { type: AT.commonName, value: 'Health Intermediate Bronze CA' },
        ]),
      },
      { issuer },
    ),
  },
  'not-applicable': { 'a certificate whose issuer is not at hand': linted('signing') },
};
