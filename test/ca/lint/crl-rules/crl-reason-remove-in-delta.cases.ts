import * as asn1 from '../../../../pki/der/encode.ts';
import { deltaCrlIndicatorExtension } from '../../../../pki/extensions/delta-crl-indicator.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, crlEntry, lintedCrl } from '../../../support/lint-crl.ts';

const reason = (code: number) =>
  crlEntry(1, asn1.time(CRL_NOW), { oid: CE.reasonCode, critical: false, value: asn1.enumerated(code) });

export const cases: CrlCases = {
  pass: { 'a hold in a complete CRL': lintedCrl({ entries: [reason(6)] }) },
  error: { 'the end of a hold in a complete CRL': lintedCrl({ entries: [reason(8)] }) },
  'not-applicable': {
    'a CRL without entries': lintedCrl(),
    'the end of a hold in a delta': lintedCrl({
      entries: [reason(8)],
      with: [deltaCrlIndicatorExtension(6)],
    }),
  },
};
