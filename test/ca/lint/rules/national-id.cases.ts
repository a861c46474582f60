import * as asn1 from '../../../../pki/der/encode.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, nameOfEncoded, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'a national id': linted('signing'),
    'a national id in the ETSI form': linted('signing', {
      subject: physician({ [AT.serialNumber]: 'PNOIR-9990000001' }),
    }),
  },
  error: {
    'a wrong check digit': linted('signing', { subject: physician({ [AT.serialNumber]: '9990000002' }) }),
    'a wrong check digit in the ETSI form': linted('authentication', {
      subject: physician({ [AT.serialNumber]: 'PNOIR-9990000002' }),
    }),
    'nine digits': linted('signing', { subject: physician({ [AT.serialNumber]: '999000000' }) }),
    'eleven digits': linted('signing', { subject: physician({ [AT.serialNumber]: '09990000001' }) }),
    'ten equal digits': linted('signing', { subject: physician({ [AT.serialNumber]: '9999999999' }) }),
    'Persian digits': linted('signing', {
      subject: nameOfEncoded([AT.serialNumber, asn1.utf8String('۹۹۹۰۰۰۰۰۰۱')]),
    }),
    'another kind of number': linted('signing', {
      subject: physician({ [AT.serialNumber]: 'PASIR-9990000001' }),
    }),
  },
  'not-applicable': {
    'a subject without a serialNumber': linted('signing', {
      subject: physician({ [AT.serialNumber]: undefined }),
    }),
    'a responder with a number of its own': linted('ocsp-responder', {
      subject: physician({ [AT.serialNumber]: '42' }),
    }),
  },
};
