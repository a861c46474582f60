import type { TransparencyStore } from '../../audit/transparency-store.ts';
import { AuditError } from '../../audit/audit-error.ts';
import { assertBeginsWith } from '../../audit/sign-checkpoint.ts';
import type { Witness } from '../../audit/witness/witness.ts';
import type { LogFolder } from './log-folder.ts';

export interface RememberedLog {
  transparency: TransparencyStore;
  /** What this process keeps outside of the database. */
  folder: Pick<LogFolder, 'remembered'>;
  witnesses: readonly Witness[];
  onUnreachable?: (error: AuditError) => void;
}

/**
 * Holds the database against all that is known of the log outside of it. Throws AuditError `log-behind` when an older database was
 * put in its place, `log-forked` when another history was. A witness that cannot be asked knows nothing: the folder is what counts then.
 */
export async function assertLogStands(log: RememberedLog): Promise<void> {
  const { transparency, folder, witnesses } = log;
  const size = await transparency.treeSize();
  const remembered = await folder.remembered();
  if (remembered) await assertBeginsWith(transparency, size, remembered);
  const last = await transparency.latestCheckpoint();
  if (last) await assertBeginsWith(transparency, size, last);
  for (const witness of witnesses) {
    try {
      await assertWitnessed(witness, size, last?.note);
    } catch (error) {
      if (!(error instanceof AuditError) || ['log-behind', 'log-forked'].includes(error.code)) throw error;
      log.onUnreachable?.(error);
    }
  }
}

/** A witness tells the size that it knows to whoever names a wrong one: no log is asked about from one leaf more than it has. */
async function assertWitnessed(witness: Witness, size: number, note: string | undefined): Promise<void> {
  if (note === undefined) return;
  const answer = await witness.add({ oldSize: 0, proof: [], note });
  if ('knownSize' in answer && answer.knownSize > size)
    throw new AuditError(
      'log-behind',
      `the log has ${size} leaves here, and ${witness.key.name} has seen ${answer.knownSize}`,
    );
}
