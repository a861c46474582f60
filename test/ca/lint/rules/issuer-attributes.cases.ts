import { encodeName } from '../../../../pki/name.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const country = { type: AT.countryName, value: 'IR' };
const organization = { type: AT.organizationName, value: 'Health CA' };
const commonName = { type: AT.commonName, value: 'Health CA' };
const name = (...attributes: { type: string; value: string }[]) => encodeName(attributes);

export const cases: CertificateCases = {
  pass: { 'country, organization and name': linted('signing') },
  error: {
    'a missing organization': linted('signing', { issuer: name(country, commonName) }),
    'a missing country': linted('authentication', { issuer: name(organization, commonName) }),
    'a missing common name': linted('signing', { issuer: name(country, organization) }),
    'two organizations': linted('signing', { issuer: name(country, organization, organization, commonName) }),
  },
  'not-applicable': {
    'a responder': linted('ocsp-responder', { issuer: name(commonName) }),
    'a CA': linted('intermediate', { issuer: name(commonName) }),
  },
};
