import * as asn1 from '../../../../pki/der/encode.ts';
import { invalidityDateExtension } from '../../../../pki/extensions/invalidity-date.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, crlEntry, lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: {
    'a suspicion before': lintedCrl({
      entries: [crlEntry(1, asn1.time(CRL_NOW), invalidityDateExtension(new Date('2026-06-01T00:00:00Z')))],
    }),
    'a suspicion at once': lintedCrl({
      entries: [crlEntry(1, asn1.time(CRL_NOW), invalidityDateExtension(CRL_NOW))],
    }),
    'no suspicion': lintedCrl({ entries: [crlEntry(1)] }),
  },
  error: {
    'a suspicion a second later': lintedCrl({
      entries: [crlEntry(1, asn1.time(CRL_NOW), invalidityDateExtension(new Date('2026-06-15T12:00:01Z')))],
    }),
  },
  'not-applicable': { 'a CRL without entries': lintedCrl() },
};
