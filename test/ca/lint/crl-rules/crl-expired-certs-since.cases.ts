import { expiredCertsOnCrlExtension } from '../../../../pki/extensions/expired-certs-on-crl.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: {
    'a year ago': lintedCrl({ with: [expiredCertsOnCrlExtension(new Date('2025-06-15T12:00:00Z'))] }),
    thisUpdate: lintedCrl({ with: [expiredCertsOnCrlExtension(CRL_NOW)] }),
  },
  error: {
    'a second after thisUpdate': lintedCrl({
      with: [expiredCertsOnCrlExtension(new Date('2026-06-15T12:00:01Z'))],
    }),
  },
  'not-applicable': { 'a CRL without it': lintedCrl() },
};
