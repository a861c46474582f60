import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'version 2': lintedCrl() },
  error: { 'version 1': lintedCrl({ version: Buffer.alloc(0), extensions: [] }) },
  appliesToAll: true,
};
