import type { AuditActor } from '../../audit/audit-event.ts';
import { SigningError } from '../signing-error.ts';
import { openSignatureEvidence } from './sealed-evidence.ts';
import { sessionSubject } from './session.ts';
import type { SessionHouse } from './session-house.ts';
import type { SessionId } from './session.ts';

/**
 * What was shown, confirmed and signed in one session; that it was opened is durable before it is shown. Throws SigningError
 * `signature-evidence-unknown`, `signature-evidence-deleted` or `signature-evidence-missing`, and what the vault throws.
 */
export async function readSignatureEvidence(
  house: SessionHouse,
  actor: AuditActor,
  id: SessionId,
): Promise<Record<string, unknown>> {
  const evidence = await house.signatureEvidence.evidenceOf(id);
  if (!evidence)
    throw new SigningError('signature-evidence-unknown', 'nothing was signed in a session of this id');
  const content = await openSignatureEvidence(house, evidence);
  await house.transactions.transaction((tx) =>
    house.audit.record(tx, {
      at: house.clock.now(),
      actor,
      action: 'read-signature-evidence',
      outcome: 'accepted',
      subject: sessionSubject(id),
      details: {},
    }),
  );
  return JSON.parse(content.toString()) as Record<string, unknown>;
}
