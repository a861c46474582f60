import type { CrlCases } from '../../../support/lint-cases.ts';
import { crlEntry, lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'two serial numbers': lintedCrl({ entries: [crlEntry(1), crlEntry(2)] }) },
  error: {
    'a serial number that comes again': lintedCrl({ entries: [crlEntry(1), crlEntry(2), crlEntry(1)] }),
  },
  'not-applicable': { 'a CRL without entries': lintedCrl() },
};
