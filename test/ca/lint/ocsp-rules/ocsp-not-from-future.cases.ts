import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, OCSP_NOW, TRY_LATER } from '../../../support/lint-ocsp.ts';

export const cases: OcspCases = {
  pass: { 'this very moment': lintedOcsp({}, { now: OCSP_NOW }) },
  error: { 'a second from now': lintedOcsp({}, { now: new Date('2026-06-15T11:59:59Z') }) },
  'not-applicable': { 'a response of any age': lintedOcsp(), 'a response without an answer': TRY_LATER },
};
