import type { PresentedSignature } from './presented-signature.ts';
import type { Reason } from './reason.ts';

/** A signature of a document that cannot be read, with the reason: the others of the document may hold. */
export function brokenSignature(
  facts: Pick<PresentedSignature, 'id' | 'format' | 'packaging' | 'claimedSigningTime'>,
  reason: Reason,
): PresentedSignature {
  return {
    ...facts,
    certificates: [],
    revocation: [],
    signingCertificate: { reasons: [reason] },
    bindsCertificate: false,
    verify: () => ({ verdict: 'NOT_CHECKED', reasons: [reason] }),
    timeStamps: [],
    counterSignatures: [],
    contents: [],
    reasons: [],
  };
}
