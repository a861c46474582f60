import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintCertificate } from '../../../support/lint-certificate.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'a CA with cRLSign': lintedCrl({}, { issuer: lintCertificate('intermediate') }) },
  error: {
    'a CA without cRLSign': lintedCrl(
      {},
      { issuer: lintCertificate('intermediate', { with: [keyUsageExtension(['keyCertSign'])] }) },
    ),
  },
  'not-applicable': {
    'a CRL whose CA is not at hand': lintedCrl(),
    'a CA without key usage': lintedCrl(
      {},
      { issuer: lintCertificate('intermediate', { without: [CE.keyUsage] }) },
    ),
  },
};
