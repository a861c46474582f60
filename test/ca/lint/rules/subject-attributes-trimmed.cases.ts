import * as asn1 from '../../../../pki/der/encode.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a space inside': linted('signing', { subject: physician({ [AT.givenName]: 'سید علی' }) }) },
  error: {
    'a space before': linted('signing', { subject: physician({ [AT.givenName]: ' مینا' }) }),
    'a space behind': linted('signing', { subject: physician({ [AT.commonName]: 'Mina ' }) }),
  },
  'not-applicable': { 'an empty subject': linted('signing', { subject: asn1.sequence() }) },
};
