import { applyStatusChange, statusAfter } from '../pki/certificate-status.ts';
import type { CertificateStatus, StatusChange } from '../pki/certificate-status.ts';
import { faultOfHolds, pastHolds } from './past-holds.ts';
import type { PastHold } from './past-holds.ts';
import type { ProofOfExistence } from './proof-of-existence.ts';
import type { Reason, ReasonCode } from './reason.ts';

type Revoked = Extract<CertificateStatus, { kind: 'revoked' }>;

export interface StatusQuestion {
  proof: ProofOfExistence;
  signingTime: Date | undefined;
  /** Proven to be earlier than the signature, by a time stamp that is under it; absent: nothing is. */
  madeAfter?: Date | undefined;
  /** Told: whoever asks judges them, as the sector's rule does for signatures. Absent: judged here. */
  pastHoldsAre?: 'told' | undefined;
}

/**
 * Judges a signature by its certificate's whole history: the newest authentic status decides, as of the moment at which
 * the signature is proven to exist. `changes` are not empty and in their order; `signingTime` is what the signer claims:
 * it proves nothing, but it may speak against the signer.
 *
 * Divergence from ETSI EN 319 102-1 §5.5.4: there a proof of existence after the revocation leaves the verdict at
 * REVOKED_NO_POE; here a relying party's own time at or after it makes it REVOKED, as the sector's rule demands.
 */
export function judgeStatus(
  changes: readonly StatusChange[],
  { proof, signingTime, madeAfter, pastHoldsAre }: StatusQuestion,
): Reason[] {
  // The validity of a certificate may begin a minute before it is issued; until its first change it counts as good.
  const status = statusAfter(changes, proof.at) ?? { kind: 'good' };
  if (status.kind === 'revoked') return [revokedAtProof(status, proof)];
  const hold =
    pastHoldsAre === 'told'
      ? undefined
      : faultOfHolds(holdsBefore(changes, { proof, madeAfter }), signingTime);
  return hold ? [hold] : laterEvents(changes, proof);
}

function revokedAtProof({ revokedAt, reason, invalidityDate }: Revoked, proof: ProofOfExistence): Reason {
  const onHold = reason === 'certificateHold';
  const trusted = proof.source !== 'validation-time';
  const code: ReasonCode = onHold ? 'certificate-on-hold' : 'certificate-revoked';
  const event = onHold
    ? `the certificate has been on hold (certificateHold) since ${revokedAt.toISOString()}`
    : `the certificate was revoked (${reason}) at ${revokedAt.toISOString()}`;
  const suspected = invalidityDate ? `, compromise suspected since ${invalidityDate.toISOString()}` : '';
  const existence = trusted
    ? `; the signature was ${HOW_PROVEN[proof.source]} at ${proof.at.toISOString()}`
    : '; nothing proves that the signature is older';
  return { code: trusted ? code : `${code}-no-proof`, text: event + suspected + existence };
}

const HOW_PROVEN: Record<ProofOfExistence['source'], string> = {
  'receipt-time': 'received',
  'time-stamp': 'time-stamped',
  'validation-time': 'there',
};

/** Past holds that may have been when the signature was made; none where the status at the proof says enough. */
export function holdsBefore(
  changes: readonly StatusChange[],
  { proof, madeAfter }: Pick<StatusQuestion, 'proof' | 'madeAfter'>,
): PastHold[] {
  if (statusAfter(changes, proof.at)?.kind === 'revoked') return [];
  return pastHolds(changes, proof.at).filter(({ to }) => !madeAfter || to.getTime() > madeAfter.getTime());
}

/** What befell the certificate after the signature: it explains, and does not undo what was valid. */
function laterEvents(changes: readonly StatusChange[], { at, source }: ProofOfExistence): Reason[] {
  const last = changes[changes.length - 1];
  const now = applyStatusChange(last);
  if (now.kind === 'good' || last.effectiveAt.getTime() <= at.getTime()) return [];
  const onHold = now.reason === 'certificateHold';
  const verb = onHold ? 'put on hold' : `revoked (${now.reason})`;
  const text = `the certificate was ${verb} at ${now.revokedAt.toISOString()}, after the signature was ${HOW_PROVEN[source]} at ${at.toISOString()}`;
  const reasons: Reason[] = [{ code: onHold ? 'on-hold-after-proof' : 'revoked-after-proof', text }];
  if (now.invalidityDate && now.invalidityDate.getTime() <= at.getTime()) {
    const suspicion = `the key is suspected to be compromised since ${now.invalidityDate.toISOString()}, before the signature was ${HOW_PROVEN[source]}`;
    reasons.push({ code: 'compromise-suspected-before-proof', text: suspicion });
  }
  return reasons;
}
