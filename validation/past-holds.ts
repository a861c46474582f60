import type { StatusChange } from '../pki/certificate-status.ts';

/** A hold that is over; the second of its release is not in it. */
export interface PastHold {
  from: Date;
  to: Date;
}

/** Holds that were released by the given moment; not asked for while the certificate is held or revoked. */
export function pastHolds(changes: readonly StatusChange[], until: Date): PastHold[] {
  const holds: PastHold[] = [];
  let from: Date | undefined;
  for (const { event, effectiveAt } of changes) {
    if (effectiveAt.getTime() > until.getTime()) continue;
    if (event === 'held') from ??= effectiveAt;
    if (event === 'released' && from) {
      holds.push({ from, to: effectiveAt });
      from = undefined;
    }
  }
  return holds;
}

/**
 * What a past hold says of something that was signed, by the signer's own claim; undefined: nothing. A signature made during a hold is not
 * healed by the release.
 */
export function faultOfHolds(
  holds: readonly PastHold[],
  signingTime: Date | undefined,
): { code: 'signed-during-hold' | 'signed-during-hold-not-excluded'; text: string } | undefined {
  if (holds.length === 0) return undefined;
  if (!signingTime) {
    const text = `the certificate was on hold ${holds.map(textOf).join(' and ')}; without a signing-time nothing says that the signature was not made then`;
    return { code: 'signed-during-hold-not-excluded', text };
  }
  const claimed = signingTime.getTime();
  const during = holds.find(({ from, to }) => from.getTime() <= claimed && claimed < to.getTime());
  if (!during) return undefined;
  const text = `the signer says to have signed at ${signingTime.toISOString()}, while the certificate was on hold ${textOf(during)}`;
  return { code: 'signed-during-hold', text };
}

function textOf({ from, to }: PastHold): string {
  return `from ${from.toISOString()} to ${to.toISOString()}`;
}
