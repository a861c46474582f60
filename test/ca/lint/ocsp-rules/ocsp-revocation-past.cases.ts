import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, singleAnswer, TRY_LATER } from '../../../support/lint-ocsp.ts';

const revokedAt = (instant: string) =>
  singleAnswer({ status: { kind: 'revoked', revokedAt: new Date(instant) } });

export const cases: OcspCases = {
  pass: { 'this very moment': lintedOcsp({ responses: [revokedAt('2026-06-15T12:00:00Z')] }) },
  error: { 'a second from now': lintedOcsp({ responses: [revokedAt('2026-06-15T12:00:01Z')] }) },
  'not-applicable': { 'a good certificate': lintedOcsp(), 'a response without an answer': TRY_LATER },
};
