import * as asn1 from '../../../../pki/der/encode.ts';
import { reasonCodeExtension } from '../../../../pki/extensions/reason-code.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { CRL_NOW, crlEntry, lintedCrl } from '../../../support/lint-crl.ts';

const reason = reasonCodeExtension('keyCompromise');

export const cases: CrlCases = {
  pass: { 'a reason as it should be': lintedCrl({ entries: [crlEntry(1, asn1.time(CRL_NOW), reason)] }) },
  error: {
    'a critical reason': lintedCrl({
      entries: [crlEntry(1, asn1.time(CRL_NOW), { ...reason, critical: true })],
    }),
  },
  'not-applicable': { 'a CRL without entries': lintedCrl() },
};
