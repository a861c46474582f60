import * as asn1 from '../../../../pki/der/encode.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'a common name of 64 characters': linted('signing', {
      subject: physician({ [AT.commonName]: 'x'.repeat(64) }),
    }),
    'an organization of 64 Persian characters, which are 128 octets': linted('signing', {
      subject: physician({ [AT.organizationName]: 'م'.repeat(64) }),
    }),
    'a common name of 64 characters beyond the first plane': linted('signing', {
      subject: physician({ [AT.commonName]: '\u{10900}'.repeat(64) }),
    }),
    'a surname of 64 characters': linted('signing', { subject: physician({ [AT.surname]: 'ا'.repeat(64) }) }),
    'a pseudonym of 128 characters': linted('signing', {
      subject: physician({ [AT.pseudonym]: 'x'.repeat(128) }),
    }),
    'an attribute without a bound': linted('signing', { subject: physician({ '2.999.1': 'x'.repeat(500) }) }),
  },
  error: {
    'a common name of 65 characters': linted('signing', {
      subject: physician({ [AT.commonName]: 'x'.repeat(65) }),
    }),
    'an organization of 65 Persian characters': linted('signing', {
      subject: physician({ [AT.organizationName]: 'م'.repeat(65) }),
    }),
    'a unit of 65 characters': linted('officer', {
      subject: physician({ [AT.organizationalUnitName]: 'x'.repeat(65) }),
    }),
    'a serialNumber of 65 characters': linted('signing', {
      subject: physician({ [AT.serialNumber]: '1'.repeat(65) }),
    }),
    'a locality of 129 characters': linted('signing', {
      subject: physician({ [AT.localityName]: 'x'.repeat(129) }),
    }),
    'a given name of 32,769 characters': linted('signing', {
      subject: physician({ [AT.givenName]: 'x'.repeat(32_769) }),
    }),
  },
  warning: {
    'a surname of 65 characters': linted('signing', { subject: physician({ [AT.surname]: 'ا'.repeat(65) }) }),
  },
  'not-applicable': { 'an empty subject': linted('signing', { subject: asn1.sequence() }) },
};
