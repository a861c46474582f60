import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintCertificate } from '../../../support/lint-certificate.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { "the CA's own octets": lintedCrl({}, { issuer: lintCertificate('intermediate') }) },
  error: { 'another CA': lintedCrl({}, { issuer: lintCertificate('root') }) },
  'not-applicable': { 'a CRL whose CA is not at hand': lintedCrl() },
};
