import { issuingDistributionPointExtension } from '../../../../pki/extensions/issuing-distribution-point.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

const point = issuingDistributionPointExtension(['http://ca.example.test/crl/bronze/3.crl']);

export const cases: CrlCases = {
  pass: { 'a critical one': lintedCrl({ with: [point] }) },
  error: { 'one that is not': lintedCrl({ with: [{ ...point, critical: false }] }) },
  'not-applicable': { 'a CRL for all certificates': lintedCrl() },
};
