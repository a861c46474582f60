import { crlDistributionPointsExtension } from '../../../../pki/extensions/crl-distribution-points.ts';
import { crlNumberExtension } from '../../../../pki/extensions/crl-number.ts';
import { expiredCertsOnCrlExtension } from '../../../../pki/extensions/expired-certs-on-crl.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'extensions as they should be': lintedCrl({ with: [expiredCertsOnCrlExtension(CRL_NOW)] }) },
  error: {
    'a critical cRLNumber': lintedCrl({ with: [{ ...crlNumberExtension(1), critical: true }] }),
    'a critical expiredCertsOnCRL': lintedCrl({
      with: [{ ...expiredCertsOnCrlExtension(CRL_NOW), critical: true }],
    }),
    'a critical freshestCRL': lintedCrl({
      with: [
        { ...crlDistributionPointsExtension(['http://a.test/delta.crl'], CE.freshestCRL), critical: true },
      ],
    }),
  },
  'not-applicable': { 'a CRL without extensions': lintedCrl({ extensions: [] }) },
};
