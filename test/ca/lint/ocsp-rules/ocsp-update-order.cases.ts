import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, OCSP_NOW, singleAnswer, TRY_LATER } from '../../../support/lint-ocsp.ts';

export const cases: OcspCases = {
  pass: {
    'a minute old, for a day': lintedOcsp(),
    'as fresh as can be': lintedOcsp({ responses: [singleAnswer({ thisUpdate: OCSP_NOW })] }),
  },
  error: {
    'a status from the future': lintedOcsp({
      responses: [singleAnswer({ thisUpdate: new Date('2026-06-15T12:00:01Z') })],
    }),
    'no time at all': lintedOcsp({
      responses: [singleAnswer({ thisUpdate: OCSP_NOW, nextUpdate: OCSP_NOW })],
    }),
    'an answer that has run out': lintedOcsp({
      responses: [singleAnswer({ nextUpdate: new Date('2026-06-15T11:59:59Z') })],
    }),
  },
  'not-applicable': { 'a response without an answer': TRY_LATER },
};
