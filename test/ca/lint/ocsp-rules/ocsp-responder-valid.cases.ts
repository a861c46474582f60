import * as asn1 from '../../../../pki/der/encode.ts';
import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, TRY_LATER } from '../../../support/lint-ocsp.ts';

export const cases: OcspCases = {
  pass: { 'a response of its time': lintedOcsp() },
  error: {
    'a response before it': lintedOcsp({
      producedAt: asn1.generalizedTime(new Date('2026-06-15T11:58:59Z')),
    }),
    'a response after it': lintedOcsp({ producedAt: asn1.generalizedTime(new Date('2027-06-15T11:59:00Z')) }),
  },
  'not-applicable': {
    'a response without certificates': lintedOcsp({ certificates: [] }),
    'a response without an answer': TRY_LATER,
  },
};
