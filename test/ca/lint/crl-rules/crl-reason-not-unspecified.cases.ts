import * as asn1 from '../../../../pki/der/encode.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, crlEntry, lintedCrl } from '../../../support/lint-crl.ts';

const reason = (code: number) =>
  crlEntry(1, asn1.time(CRL_NOW), { oid: CE.reasonCode, critical: false, value: asn1.enumerated(code) });

export const cases: CrlCases = {
  pass: {
    keyCompromise: lintedCrl({ entries: [reason(1)] }),
    'no reason': lintedCrl({ entries: [crlEntry(1)] }),
  },
  error: { unspecified: lintedCrl({ entries: [reason(0)] }) },
  'not-applicable': { 'a CRL without entries': lintedCrl() },
};
