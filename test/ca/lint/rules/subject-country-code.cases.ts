import * as asn1 from '../../../../pki/der/encode.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, nameOfEncoded, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { IR: linted('signing') },
  error: {
    'three letters': linted('signing', { subject: physician({ [AT.countryName]: 'IRN' }) }),
    'small letters': linted('signing', { subject: physician({ [AT.countryName]: 'ir' }) }),
    'one letter': linted('signing', { subject: physician({ [AT.countryName]: 'I' }) }),
    UTF8String: linted('signing', { subject: nameOfEncoded([AT.countryName, asn1.utf8String('IR')]) }),
  },
  'not-applicable': {
    'a subject without a country': linted('signing', { subject: physician({ [AT.countryName]: undefined }) }),
  },
};
