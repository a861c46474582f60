import * as asn1 from '../../../../pki/der/encode.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'a key identifier': lintedCrl() },
  error: {
    none: lintedCrl({ without: [CE.authorityKeyIdentifier] }),
    'name and number instead of the key': lintedCrl({
      with: [
        {
          oid: CE.authorityKeyIdentifier,
          critical: false,
          value: asn1.sequence(asn1.implicit(2, asn1.integer(1))),
        },
      ],
    }),
  },
  appliesToAll: true,
};
