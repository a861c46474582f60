import type { AuditActor } from '../../audit/audit-event.ts';
import { originOf } from '../application.ts';
import type { EvidenceHouse } from './evidence-house.ts';

/** Papers in one round; the next round takes the others. */
const PAPERS_MAX = 200;

/**
 * Deletes the content of papers whose time is over and that no legal hold keeps, each with its event; hashes stay. Any number of
 * processes may do so at once. Returns how many were deleted.
 */
export async function pruneEvidence(
  house: Pick<EvidenceHouse, 'evidence' | 'audit' | 'transactions' | 'clock'>,
  actor: AuditActor,
): Promise<number> {
  const found = await house.evidence.expired(house.clock.now(), PAPERS_MAX);
  let deleted = 0;
  for (const { id, applicationId } of found) {
    await house.transactions.transaction(async (tx) => {
      const at = house.clock.now();
      if (!(await house.evidence.deleteContent(tx, id, at, `${actor.kind}:${actor.id}`))) return;
      await house.audit.record(tx, {
        at,
        actor,
        action: 'delete-evidence-content',
        outcome: 'accepted',
        subject: originOf(applicationId),
        details: { evidence: id },
      });
      deleted += 1;
    });
  }
  return deleted;
}
