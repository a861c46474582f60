import * as asn1 from '../../../../pki/der/encode.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'attributes with values': linted('signing') },
  error: {
    'an empty value': linted('signing', { subject: physician({ [AT.givenName]: '' }) }),
    'a value of white space': linted('signing', { subject: physician({ [AT.givenName]: ' ' }) }),
  },
  'not-applicable': { 'an empty subject': linted('signing', { subject: asn1.sequence() }) },
};
