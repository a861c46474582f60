import * as asn1 from '../../../../pki/der/encode.ts';
import { TAG } from '../../../../pki/der/tag.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, crlEntry, lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { UTCTime: lintedCrl({ entries: [crlEntry(1)] }) },
  error: {
    'GeneralizedTime before 2050': lintedCrl({ entries: [crlEntry(1, asn1.generalizedTime(CRL_NOW))] }),
    'a fraction of a second': lintedCrl({
      entries: [
        crlEntry(1),
        crlEntry(2, asn1.element(TAG.generalizedTime, Buffer.from('20500615120000.5Z'))),
      ],
    }),
  },
  'not-applicable': { 'a CRL without entries': lintedCrl() },
};
