import * as asn1 from '../../../../pki/der/encode.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, crlEntry, lintedCrl } from '../../../support/lint-crl.ts';

const reason = (code: number) =>
  crlEntry(1, asn1.time(CRL_NOW), { oid: CE.reasonCode, critical: false, value: asn1.enumerated(code) });

export const cases: CrlCases = {
  pass: {
    certificateHold: lintedCrl({ entries: [reason(6)] }),
    'aACompromise, the last': lintedCrl({ entries: [reason(10)] }),
  },
  error: {
    '7, which is not used': lintedCrl({ entries: [reason(7)] }),
    '11': lintedCrl({ entries: [reason(11)] }),
    'a negative one': lintedCrl({ entries: [reason(-1)] }),
  },
  'not-applicable': { 'a CRL without entries': lintedCrl() },
};
