import * as asn1 from '../../../../pki/der/encode.ts';
import { issuingDistributionPointExtension } from '../../../../pki/extensions/issuing-distribution-point.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, crlEntry, lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: {
    'a critical issuingDistributionPoint': lintedCrl({
      with: [issuingDistributionPointExtension(['http://a.test/1.crl'])],
    }),
  },
  error: {
    'an unknown critical extension': lintedCrl({
      with: [{ oid: '2.999.7', critical: true, value: asn1.NULL }],
    }),
    'an unknown critical extension of an entry': lintedCrl({
      entries: [
        crlEntry(1, asn1.time(CRL_NOW), {
          oid: CE.certificateIssuer,
          critical: true,
          value: asn1.sequence(),
        }),
      ],
    }),
  },
  appliesToAll: true,
};
