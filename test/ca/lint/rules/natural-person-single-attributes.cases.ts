import { encodeName } from '../../../../pki/name.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const country = { type: AT.countryName, value: 'IR' };
const commonName = { type: AT.commonName, value: 'Mina Rezaei' };
const serialNumber = { type: AT.serialNumber, value: '9990000001' };

export const cases: CertificateCases = {
  pass: { 'one of each': linted('signing') },
  error: {
    'two countries': linted('signing', { subject: encodeName([country, country, commonName]) }),
    'two common names': linted('signing', { subject: encodeName([country, commonName, commonName]) }),
    'two serial numbers': linted('signing', {
      subject: encodeName([commonName, serialNumber, serialNumber]),
    }),
  },
  'not-applicable': { 'a CA': linted('intermediate', { subject: encodeName([country, country]) }) },
};
