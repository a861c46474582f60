import * as asn1 from '../../../../pki/der/encode.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, crlEntry, lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'the time of the CRL': lintedCrl({ entries: [crlEntry(1, asn1.time(CRL_NOW))] }) },
  error: {
    'a second later': lintedCrl({
      entries: [crlEntry(1), crlEntry(2, asn1.time(new Date('2026-06-15T12:00:01Z')))],
    }),
    'a time after 2050': lintedCrl({ entries: [crlEntry(1, asn1.time(new Date('2050-01-01T00:00:00Z')))] }),
  },
  'not-applicable': { 'a CRL without entries': lintedCrl() },
};
