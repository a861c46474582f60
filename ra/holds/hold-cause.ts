import type { Id } from '../../core/ids.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';

/** Why a certificate is on hold; `unconfirmed`: nobody has shown yet that it is on its holder's card. */
export const HOLD_CAUSES = ['lost', 'licence-suspended', 'office-order', 'unconfirmed'] as const;
export type HoldCauseKind = (typeof HOLD_CAUSES)[number];

/** What an officer may say of a hold, and what runs out; a licence is the Council's to suspend. */
export const OFFICER_CAUSES = ['lost', 'office-order'] as const satisfies readonly HoldCauseKind[];
export type OfficerCause = (typeof OFFICER_CAUSES)[number];

export type HoldCauseId = Id<'hold-cause'>;

/** One cause as it was laid on a certificate; whether it stands is for the store to say. */
export interface HoldCause {
  id: HoldCauseId;
  authorityId: string;
  serialNumber: Buffer;
  cause: HoldCauseKind;
  /** The change of the status history that put the certificate on hold. */
  holdChangeNumber: number;
  laidAt: Date;
  /** `officer:<id>`, `council-order:<message>`, `holder`. */
  laidBy: string;
}

/** A hold that nobody has lifted by then becomes a revocation (DOMAIN §4). */
export const HOLD_SECONDS_MAX = 7 * 24 * 3600;

/**
 * What becomes of a cause that nobody has lifted in time. A card that has not been found may be in anybody's hands since. An
 * order of an office says nothing of the key. A suspension lasts until the Council ends it.
 */
export const RUNS_OUT_TO: Readonly<Record<OfficerCause, { reason: RevocationReason; sinceHold: boolean }>> = {
  lost: { reason: 'keyCompromise', sinceHold: true },
  'office-order': { reason: 'cessationOfOperation', sinceHold: false },
};
