import type { AddCheckpoint } from './add-checkpoint.ts';
import type { NoteSignature } from '../note/signed-note.ts';
import type { NoteKey } from '../note/note-key.ts';

/** Somebody outside who has seen the log, and would see it rewritten. */
export interface Witness {
  key: NoteKey;
  /**
   * Shows it a checkpoint: its cosignatures, or the size that it knows when that is another than was thought. Rejects with
   * AuditError `witness-unreachable` or `witness-refused`.
   */
  add(request: AddCheckpoint): Promise<{ signatures: readonly NoteSignature[] } | { knownSize: number }>;
}
