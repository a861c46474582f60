import * as asn1 from '../../../../pki/der/encode.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: {
    'a day': lintedCrl(),
    'a second': lintedCrl({ nextUpdate: asn1.time(new Date('2026-06-15T12:00:01Z')) }),
  },
  error: {
    'no time at all': lintedCrl({ nextUpdate: asn1.time(CRL_NOW) }),
    'a nextUpdate in the past': lintedCrl({ nextUpdate: asn1.time(new Date('2026-06-15T11:59:59Z')) }),
  },
  'not-applicable': { 'a CRL without nextUpdate': lintedCrl({ nextUpdate: Buffer.alloc(0) }) },
};
