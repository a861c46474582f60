import { crlDistributionPointsExtension } from '../../../../pki/extensions/crl-distribution-points.ts';
import { deltaCrlIndicatorExtension } from '../../../../pki/extensions/delta-crl-indicator.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'an earlier base': lintedCrl({ with: [deltaCrlIndicatorExtension(6)] }) },
  error: {
    'an indicator that is not critical': lintedCrl({
      with: [{ ...deltaCrlIndicatorExtension(6), critical: false }],
    }),
    'itself as base': lintedCrl({ with: [deltaCrlIndicatorExtension(7)] }),
    'a freshestCRL in a delta': lintedCrl({
      with: [
        deltaCrlIndicatorExtension(6),
        crlDistributionPointsExtension(['http://a.test/delta.crl'], CE.freshestCRL),
      ],
    }),
  },
  'not-applicable': { 'a complete CRL': lintedCrl() },
};
