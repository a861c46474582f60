import { AuditError } from '../../audit/audit-error.ts';
import { assertSigned, parseNoteKey } from '../../audit/note/note-key.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import type { SignedNote } from '../../audit/note/signed-note.ts';
import type { LogRecords } from '../../db/log-records.ts';

/** By which checkpoints are judged: the keys that whoever checks has brought along, or else those of the database. */
export class CheckpointKeys {
  readonly #records: Pick<LogRecords, 'keys'>;
  readonly #pinned: readonly NoteKey[] | undefined;
  #known: readonly NoteKey[];

  constructor(records: Pick<LogRecords, 'keys'>, pinned?: readonly NoteKey[]) {
    this.#records = records;
    this.#pinned = pinned;
    this.#known = pinned ?? [];
  }

  /** Of the database, also a key that the log has got since the last note. */
  async haveSigned(note: SignedNote): Promise<boolean> {
    if (isSigned(note, this.#known)) return true;
    if (this.#pinned) return false;
    this.#known = (await this.#records.keys()).map(parseNoteKey);
    return isSigned(note, this.#known);
  }
}

function isSigned(note: SignedNote, keys: readonly NoteKey[]): boolean {
  try {
    assertSigned(note, keys);
    return true;
  } catch (error) {
    if (error instanceof AuditError) return false;
    throw error;
  }
}
