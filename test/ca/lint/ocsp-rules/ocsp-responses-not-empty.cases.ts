import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, singleAnswer, TRY_LATER } from '../../../support/lint-ocsp.ts';

export const cases: OcspCases = {
  pass: { 'one answer': lintedOcsp() },
  error: {
    'no answer': lintedOcsp({ responses: [] }),
    'two answers for one certificate': lintedOcsp({
      responses: [singleAnswer(), singleAnswer({ status: { kind: 'unknown' } })],
    }),
  },
  'not-applicable': { 'a response without an answer': TRY_LATER },
};
