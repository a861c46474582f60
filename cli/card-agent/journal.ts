import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import type { Clock } from '../../core/clock.ts';
import { errorCode } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import type { CardKeyPurpose } from '../../keys/card/card-purpose.ts';

/** What the agent notes; never a PIN, a document or a person. */
export type JournalEntry =
  | { kind: 'begun'; ticket: string; operation: string; cardSerial?: string; officerId: string }
  | {
      kind: 'key-made';
      cardSerial: string;
      purpose: CardKeyPurpose;
      key: string;
      alwaysAuthenticate: boolean;
    }
  | { kind: 'pin-set'; cardSerial: string }
  | { kind: 'keys-destroyed'; cardSerial: string }
  | { kind: 'ended'; ticket: string; outcome: string };

/** Tickets live for 5 minutes, so those that matter are among the last. */
const LINES_MAX = 5000;
/** What a workstation makes in years; a key that is not noted is not taken for one that was made here. */
const KEYS_MAX = 100_000;

/**
 * What was begun with which card, one JSON line each, on the disk before the next step: what kill -9 cut is known at the next
 * start, a ticket counts once over restarts, and a key of the card is known to be one that was made there.
 */
export class Journal {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #entries: JournalEntry[];

  private constructor(path: string, clock: Clock, entries: JournalEntry[]) {
    this.#path = path;
    this.#clock = clock;
    this.#entries = entries;
  }

  static open(stateFolder: string, clock: Clock): Journal {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    const path = join(stateFolder, 'journal.jsonl');
    const lines = keptOf(linesOf(path));
    writeFileSync(`${path}.new`, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return new Journal(path, clock, lines.flatMap(entryOf));
  }

  /** Notes an entry, durably. */
  note(entry: JournalEntry): void {
    const line = JSON.stringify({ at: this.#clock.now().toISOString(), ...entry });
    const file = openSync(this.#path, 'a', 0o600);
    try {
      appendFileSync(file, `${line}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.#entries.push(entry);
  }

  /** Whether a ticket was begun, now or before a restart. */
  hasTicket(ticket: string): boolean {
    return this.#entries.some((entry) => entry.kind === 'begun' && entry.ticket === ticket);
  }

  /** The note about a key that was made on a card here; undefined for any other key. */
  madeKey(cardSerial: string, subjectPublicKeyInfo: Buffer): { alwaysAuthenticate: boolean } | undefined {
    const wanted = keyDigest(subjectPublicKeyInfo);
    return this.#entries.findLast(
      (entry): entry is JournalEntry & { kind: 'key-made' } =>
        entry.kind === 'key-made' && entry.cardSerial === cardSerial && entry.key === wanted,
    );
  }

  /** Whether the PIN of a card was set here. */
  isPinSet(cardSerial: string): boolean {
    return this.#entries.some((entry) => entry.kind === 'pin-set' && entry.cardSerial === cardSerial);
  }

  /** Notes for each operation that a crash cut that it is over; answers how many. */
  closeInterrupted(): number {
    const ended = new Set(this.#entries.flatMap((entry) => (entry.kind === 'ended' ? [entry.ticket] : [])));
    const cut = this.#entries.flatMap((entry) =>
      entry.kind === 'begun' && !ended.has(entry.ticket) ? [entry.ticket] : [],
    );
    for (const ticket of cut) this.note({ kind: 'ended', ticket, outcome: 'agent-restarted' });
    return cut.length;
  }
}

/** SHA-256 of a SubjectPublicKeyInfo, as the journal names keys. */
export function keyDigest(subjectPublicKeyInfo: Buffer): string {
  return createHash('sha256').update(subjectPublicKeyInfo).digest('hex');
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** In their order: the last lines, and before them those about keys. */
function keptOf(lines: readonly string[]): string[] {
  const recent = Math.max(0, lines.length - LINES_MAX);
  const keys = lines.slice(0, recent).filter((line) => entryOf(line)[0]?.kind === 'key-made');
  return [...keys.slice(-KEYS_MAX), ...lines.slice(recent)];
}

/** A last line that a crash cut says nothing. */
function entryOf(line: string): JournalEntry[] {
  try {
    const entry: unknown = JSON.parse(line);
    return isObject(entry) ? [entry as unknown as JournalEntry] : [];
  } catch {
    return [];
  }
}
