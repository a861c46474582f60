import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'this very moment': lintedCrl({}, { now: CRL_NOW }) },
  error: { 'a second from now': lintedCrl({}, { now: new Date('2026-06-15T11:59:59Z') }) },
  'not-applicable': { 'a CRL of any age': lintedCrl() },
};
