import { reachesLevel } from './baseline-level.ts';
import type { LevelJudgement } from './judge-level.ts';
import type { ValidationPolicy } from './policy.ts';
import type { PresentedSignature } from './presented-signature.ts';
import type { ProofOfExistence } from './proof-of-existence.ts';
import type { Reason } from './reason.ts';

/** What a policy says of the time that the signer claims (EN 319 102-1 §5.2.8.4.2). */
export function claimedTimeFaults(
  { claimedSigningTime: claimed }: PresentedSignature,
  proof: ProofOfExistence,
  { claimedSigningTime: asked }: ValidationPolicy,
): Reason[] {
  if (!claimed) {
    const text = 'the signer claims no signing time, and the policy asks for one';
    return asked?.required ? [{ code: 'signing-time-missing', text }] : [];
  }
  const lead = claimed.getTime() - proof.at.getTime();
  if (lead > 0) {
    const text = `the signer claims ${claimed.toISOString()}, later than the signature existed, ${proof.at.toISOString()}`;
    const isRefused = asked?.laterThanProof === 'refused';
    return [{ code: isRefused ? 'signing-time-refused' : 'signing-time-after-proof', text }];
  }
  const within = asked?.stampedWithinSeconds;
  if (within === undefined || proof.source !== 'time-stamp' || -lead <= within * 1000) return [];
  const text = `it was time-stamped at ${proof.at.toISOString()}, more than ${within} seconds after the signer says to have signed`;
  return [{ code: 'stamped-too-late', text }];
}

/** §5.2.4: a signature policy that the signer refers to and that is none of those which the deployment knows. */
export function signaturePolicyFaults(
  { signedProperties }: PresentedSignature,
  { signaturePolicies: known }: ValidationPolicy,
): Reason[] {
  const named = signedProperties?.signaturePolicy;
  if (!known || named === undefined || named === 'implied' || known.includes(named)) return [];
  return [{ code: 'signature-policy-unknown', text: `the signature policy ${named} is not known here` }];
}

export function levelFaults(
  { reached, missing }: LevelJudgement,
  { requiredLevel }: ValidationPolicy,
): Reason[] {
  if (!requiredLevel || reachesLevel(reached, requiredLevel)) return [];
  const text = `level ${requiredLevel} is asked for, ${reached ?? 'none'} is reached: ${missing?.text ?? ''}`;
  return [{ code: 'level-not-reached', text }];
}
