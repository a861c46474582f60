import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'a day': lintedCrl() },
  error: { 'no nextUpdate': lintedCrl({ nextUpdate: Buffer.alloc(0) }) },
  appliesToAll: true,
};
