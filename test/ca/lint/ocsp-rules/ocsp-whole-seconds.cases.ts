import * as asn1 from '../../../../pki/der/encode.ts';
import { TAG } from '../../../../pki/der/tag.ts';
import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, TRY_LATER } from '../../../support/lint-ocsp.ts';

export const cases: OcspCases = {
  pass: { 'whole seconds': lintedOcsp() },
  error: {
    'a fraction in producedAt': lintedOcsp({
      producedAt: asn1.element(TAG.generalizedTime, Buffer.from('20260615120000.5Z')),
    }),
  },
  'not-applicable': { 'a response without an answer': TRY_LATER },
};
