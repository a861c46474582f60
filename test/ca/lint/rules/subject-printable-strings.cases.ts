import * as asn1 from '../../../../pki/der/encode.ts';
import { encodeName } from '../../../../pki/name.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, nameOfEncoded } from '../../../support/lint-certificate.ts';

const printable = (text: string) => nameOfEncoded([AT.commonName, asn1.printableString(text)]);

export const cases: CertificateCases = {
  pass: {
    'letters, digits and the punctuation of the alphabet': linted('signing', {
      subject: printable("Az 09'()+,-./:=?"),
    }),
  },
  error: {
    'an @': linted('signing', { subject: printable('a@b') }),
    'an asterisk': linted('signing', { subject: printable('a*') }),
    'an underscore': linted('signing', { subject: printable('a_b') }),
    'an ampersand': linted('signing', { subject: printable('a&b') }),
  },
  'not-applicable': {
    'a subject in UTF8String alone': linted('signing', {
      subject: encodeName([{ type: AT.commonName, value: 'a@b' }]),
    }),
  },
};
