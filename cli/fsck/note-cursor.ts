import { AuditError } from '../../audit/audit-error.ts';
import { parseCheckpoint } from '../../audit/checkpoint.ts';
import type { Checkpoint } from '../../audit/checkpoint.ts';
import { parseNote } from '../../audit/note/signed-note.ts';
import type { SignedNote } from '../../audit/note/signed-note.ts';

/** Signed notes in the order of their sizes, taken as a walk through the leaves comes to them. */
export class NoteCursor {
  readonly #notes: AsyncIterator<string>;
  #next: { text: string; size: number } | undefined;

  private constructor(notes: AsyncIterable<string>) {
    this.#notes = notes[Symbol.asyncIterator]();
  }

  static async open(notes: AsyncIterable<string>): Promise<NoteCursor> {
    const cursor = new NoteCursor(notes);
    await cursor.#advance();
    return cursor;
  }

  /** Whether there is one of the size, or one that cannot be read. */
  has(size: number): boolean {
    return this.#next !== undefined && this.#next.size <= size;
  }

  async upTo(size: number): Promise<string[]> {
    const taken: string[] = [];
    for (; this.#next && this.#next.size <= size; await this.#advance()) taken.push(this.#next.text);
    return taken;
  }

  /** All that are left, also those that were signed since the cursor was opened. */
  rest(): Promise<string[]> {
    return this.upTo(Infinity);
  }

  async #advance(): Promise<void> {
    const { value, done } = (await this.#notes.next()) as IteratorResult<string, undefined>;
    this.#next = done === true ? undefined : { text: value, size: readNote(value)?.size ?? 0 };
  }
}

/** A checkpoint and the note that it stands in; undefined for what is none. */
export function readNote(text: string): (Checkpoint & { note: SignedNote }) | undefined {
  try {
    const note = parseNote(text);
    return { note, ...parseCheckpoint(note.text) };
  } catch (error) {
    if (error instanceof AuditError) return undefined;
    throw error;
  }
}
