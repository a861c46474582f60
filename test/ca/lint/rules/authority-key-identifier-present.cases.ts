import * as asn1 from '../../../../pki/der/encode.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a key identifier': linted('signing') },
  error: {
    'a leaf without it': linted('signing', { without: [CE.authorityKeyIdentifier] }),
    'a CA below the root without it': linted('intermediate', { without: [CE.authorityKeyIdentifier] }),
    'name and number instead of the key': linted('signing', {
      with: [
        {
          oid: CE.authorityKeyIdentifier,
          critical: false,
          value: asn1.sequence(asn1.implicit(2, asn1.integer(1))),
        },
      ],
    }),
  },
  'not-applicable': { 'a self-signed root': linted('root') },
};
