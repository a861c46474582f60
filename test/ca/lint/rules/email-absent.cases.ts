import * as asn1 from '../../../../pki/der/encode.ts';
import { AT, CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a practitioner without one': linted('signing') },
  error: {
    'an emailAddress attribute': linted('signing', {
      subject: physician({ [AT.emailAddress]: 'mina@example.test' }),
    }),
    'an address as common name': linted('authentication', {
      subject: physician({ [AT.commonName]: 'mina@example.test' }),
    }),
    'an rfc822Name': linted('signing', {
      with: [
        {
          oid: CE.subjectAltName,
          critical: false,
          value: asn1.sequence(asn1.implicit(1, asn1.ia5String('mina@example.test'))),
        },
      ],
    }),
  },
  'not-applicable': {
    'a service': linted('ocsp-responder', { subject: physician({ [AT.emailAddress]: 'ca@example.test' }) }),
  },
};
