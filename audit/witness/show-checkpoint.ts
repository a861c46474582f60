import { AuditError } from '../audit-error.ts';
import { consistencyProof } from '../merkle/prove.ts';
import { isSignatureOf } from '../note/note-key.ts';
import { parseNote, signatureLine } from '../note/signed-note.ts';
import type { CheckpointHouse } from '../sign-checkpoint.ts';
import type { Witness } from './witness.ts';

/** What a witness says it knows may be another size once; more often than that it makes sport of the log. */
const ATTEMPTS_MAX = 2;

/**
 * Shows the newest checkpoint to a witness and keeps its cosignature, once it verifies; false when there is nothing new. Throws
 * AuditError `log-behind` when the witness knows a larger log than this one, `witness-refused` or `witness-unreachable`.
 */
export async function showCheckpoint(
  { transparency: log, transactions, clock }: Omit<CheckpointHouse, 'logSigners'>,
  witness: Witness,
): Promise<boolean> {
  const checkpoint = await log.latestCheckpoint();
  const { key } = witness;
  let oldSize = (await log.witnessed()).get(key.name) ?? 0;
  if (!checkpoint || checkpoint.size === oldSize) return false;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const proof = await consistencyProof(log, oldSize, checkpoint.size);
    const answer = await witness.add({ oldSize, proof, note: checkpoint.note });
    if ('signatures' in answer) {
      const { text } = parseNote(checkpoint.note);
      const line = answer.signatures.find((one) => isSignatureOf(key, text, one));
      if (!line) throw new AuditError('witness-refused', `what ${key.name} answers is not its signature`);
      const cosignature = { witness: key.name, line: signatureLine(line), receivedAt: clock.now() };
      await transactions.transaction((tx) => log.insertCosignature(tx, checkpoint.size, cosignature));
      return true;
    }
    if (answer.knownSize > checkpoint.size)
      throw new AuditError(
        'log-behind',
        `the log has ${checkpoint.size} leaves here, and ${key.name} has seen ${answer.knownSize}`,
      );
    oldSize = answer.knownSize;
  }
  throw new AuditError('witness-refused', `${key.name} knows another size each time`);
}
