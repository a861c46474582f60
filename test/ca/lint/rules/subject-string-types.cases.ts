import * as asn1 from '../../../../pki/der/encode.ts';
import { TAG } from '../../../../pki/der/tag.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, nameOfEncoded, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'UTF8String, and PrintableString where it is prescribed': linted('signing'),
    'an IA5String e-mail address': linted('officer', {
      subject: physician({ [AT.emailAddress]: 'ca@example.test' }),
    }),
  },
  error: {
    TeletexString: linted('officer', {
      subject: nameOfEncoded([AT.commonName, asn1.element(TAG.teletexString, Buffer.from('Mina'))]),
    }),
    BMPString: linted('officer', {
      subject: nameOfEncoded([AT.commonName, asn1.element(TAG.bmpString, Buffer.from([0x06, 0x45]))]),
    }),
    'a serialNumber in UTF8String': linted('signing', {
      subject: nameOfEncoded([AT.serialNumber, asn1.utf8String('9990000001')]),
    }),
  },
  'not-applicable': { 'an empty subject': linted('signing', { subject: asn1.sequence() }) },
};
