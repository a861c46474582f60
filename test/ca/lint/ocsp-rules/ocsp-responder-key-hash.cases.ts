import type { OcspCases } from '../../../support/lint-cases.ts';
import { byKey, byName, lintedOcsp, OCSP_RESPONDER, TRY_LATER } from '../../../support/lint-ocsp.ts';

export const cases: OcspCases = {
  pass: { 'twenty octets': lintedOcsp() },
  error: { 'a SHA-256': lintedOcsp({ responderId: byKey(Buffer.alloc(32)) }) },
  'not-applicable': {
    'a responder named by its name': lintedOcsp({ responderId: byName(OCSP_RESPONDER.subject.bytes) }),
    'a response without an answer': TRY_LATER,
  },
};
