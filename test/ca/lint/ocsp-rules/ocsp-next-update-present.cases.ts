import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, singleAnswer, TRY_LATER } from '../../../support/lint-ocsp.ts';

export const cases: OcspCases = {
  pass: { 'a day': lintedOcsp() },
  error: {
    'an answer without nextUpdate': lintedOcsp({ responses: [singleAnswer({ nextUpdate: undefined })] }),
  },
  'not-applicable': { 'a response without an answer': TRY_LATER },
};
