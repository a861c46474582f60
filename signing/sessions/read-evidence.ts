import type { AuditActor } from '../../audit/audit-event.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { SigningError } from '../signing-error.ts';
import { sessionSubject } from './session.ts';
import type { Evidence, SessionHouse, SessionId } from './session.ts';

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

/** The content whose hash is that of the row; throws SigningError `signature-evidence-…` and what the vault throws. */
export async function openSignatureEvidence(
  { vault }: Pick<SessionHouse, 'vault'>,
  { sessionId, sha256, content }: Evidence,
): Promise<Buffer> {
  if (!content)
    throw new SigningError(
      'signature-evidence-deleted',
      'its fifteen years are over: the hash alone is left',
    );
  const opened = await vault.unseal(evidenceName(sessionId), content);
  if (digest('sha256', opened).equals(sha256)) return opened;
  throw new SigningError('signature-evidence-missing', 'the content is not the one whose hash is recorded');
}

/** What it is sealed under: the signatures of the session have its bare id. */
export function evidenceName(id: SessionId): string {
  return `evidence:${id}`;
}
