import { SESSION_ACTOR, sessionSubject } from './session.ts';
import type { SessionHouse } from './session-house.ts';

/** So long an insurer may come back to a prescription. */
const EVIDENCE_YEARS = 15;
/** In one round; the next round takes the others. */
const EVIDENCE_MAX = 200;

/**
 * Deletes what was shown and signed more than fifteen years ago, each with its event; its hash stays. Any number of processes may
 * do so at once. Returns how many were deleted.
 */
export async function pruneSignatureEvidence(
  house: Pick<SessionHouse, 'signatureEvidence' | 'audit' | 'transactions' | 'clock'>,
): Promise<number> {
  const before = house.clock.now();
  before.setUTCFullYear(before.getUTCFullYear() - EVIDENCE_YEARS);
  let deleted = 0;
  for (const id of await house.signatureEvidence.expiredEvidence(before, EVIDENCE_MAX)) {
    await house.transactions.transaction(async (tx) => {
      const at = house.clock.now();
      if (!(await house.signatureEvidence.deleteEvidence(tx, id, at))) return;
      await house.audit.record(tx, {
        at,
        actor: SESSION_ACTOR,
        action: 'delete-signature-evidence',
        outcome: 'accepted',
        subject: sessionSubject(id),
        details: {},
      });
      deleted += 1;
    });
  }
  return deleted;
}
