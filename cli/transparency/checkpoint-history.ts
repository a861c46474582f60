import { createReadStream } from 'node:fs';
import { appendFile, open, readFile, rename, stat, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { parseCheckpoint } from '../../audit/checkpoint.ts';
import { TILE_WIDTH } from '../../audit/merkle/hash-source.ts';
import { parseNote } from '../../audit/note/signed-note.ts';
import type { Fate, HistoricCheckpoint } from '../../audit/prune-checkpoints.ts';
import { AuditError } from '../../audit/audit-error.ts';
import { errorCode } from '../../core/errors.ts';
import { writeDurably } from './write-durably.ts';

export type JudgeFates = (some: readonly HistoricCheckpoint[]) => Promise<readonly Fate[]>;

/** After each note; no note holds it. */
const NOTE_END = '\f\n';
/** Some 30,000 checkpoints: two days of one every five seconds. */
const GROWTH_OCTETS = 8 * 1024 * 1024;
/** What is asked about at once. */
const PAGE_NOTES = 1_000;
/** More than any note has. */
const NOTE_OCTETS_MAX = 128 * 1024;

/**
 * Checkpoints in one file, the oldest first, appended to; and thinned each time that it has grown by some megabytes, by a second file that
 * takes its place. Beside it stands how long it was then. One process writes at a time; whoever reads meanwhile has the file of before.
 */
export class CheckpointHistory {
  readonly #path: string;
  readonly #growthOctets: number;

  constructor(path: string, growthOctets = GROWTH_OCTETS) {
    this.#path = path;
    this.#growthOctets = growthOctets;
  }

  /** Every checkpoint that is kept; what a crash left half written is left out. */
  async *notes(): AsyncGenerator<string> {
    for await (const { note } of this.#notesFrom(0)) yield note;
  }

  async append(note: string): Promise<void> {
    await this.#dropHalf();
    await appendFile(this.#path, `${note}${NOTE_END}`);
    const file = await open(this.#path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /**
   * Leaves out what is followed by a checkpoint within the same 256 leaves and goes, as `judge` says; false while the file has not
   * grown enough. A crash leaves the file of before, or the new one, which is then looked through once more.
   */
  async thin(judge: JudgeFates): Promise<boolean> {
    const octets = await octetsOf(this.#path);
    const before = await this.#lastThinning(octets);
    if (octets - before.octets < this.#growthOctets) return false;
    const after = await this.#rewrite(before.settled, judge);
    await rename(`${this.#path}.new`, this.#path);
    await writeDurably(`${this.#path}.thinned`, `${after.settled} ${after.octets}\n`);
    return true;
  }

  /** What is settled is taken as it is; settled is all before the first checkpoint that nobody can tell of yet. */
  async #rewrite(settled: number, judge: JudgeFates): Promise<Thinning> {
    const file = await open(`${this.#path}.new`, 'w', 0o644);
    try {
      await copyBeginning(this.#path, settled, file);
      let octets = settled;
      let isWaiting = false;
      for await (const page of this.#pagesFrom(settled)) {
        const fates = await fatesOf(page, judge);
        const kept: string[] = [];
        for (const one of page) {
          const fate = fates.get(one);
          if (fate === 'goes') continue;
          isWaiting ||= fate === 'waits';
          const text = `${one.note}${NOTE_END}`;
          kept.push(text);
          octets += Buffer.byteLength(text);
          if (!isWaiting) settled = octets;
        }
        await file.writeFile(kept.join(''));
      }
      await file.sync();
      return { settled, octets };
    } finally {
      await file.close();
    }
  }

  async *#pagesFrom(start: number): AsyncGenerator<FollowedCheckpoint[]> {
    let page: FollowedCheckpoint[] = [];
    let last: { size: number; note: string } | undefined;
    for await (const { note } of this.#notesFrom(start)) {
      const next = { size: sizeOf(note), note };
      if (last) page.push({ ...last, nextSize: next.size });
      last = next;
      if (page.length < PAGE_NOTES) continue;
      yield page;
      page = [];
    }
    if (last) page.push({ ...last, nextSize: NaN });
    yield page;
  }

  async *#notesFrom(start: number): AsyncGenerator<{ note: string }> {
    let text = '';
    try {
      for await (const chunk of createReadStream(this.#path, { encoding: 'utf8', start })) {
        const notes = (text + String(chunk)).split(NOTE_END);
        text = notes.pop() ?? '';
        for (const note of notes) yield { note };
      }
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }

  /** As if there had been none where nothing is known of it, or what is known is of another file. */
  async #lastThinning(octets: number): Promise<Thinning> {
    const text = await readFile(`${this.#path}.thinned`, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '';
      throw error;
    });
    const [settled, then] = /^\d{1,15} \d{1,15}\n$/.test(text) ? text.split(' ').map(Number) : [0, 0];
    const isOfThisFile = settled <= then && then <= octets && (await this.#endsANote(settled));
    return isOfThisFile ? { settled, octets: then } : { settled: 0, octets: 0 };
  }

  async #endsANote(octets: number): Promise<boolean> {
    return octets === 0 || (await this.#tail(octets, NOTE_END.length)) === NOTE_END;
  }

  /** A full disk or a lost mains can leave the beginning of a note at the end: it was of no checkpoint that anybody was shown. */
  async #dropHalf(): Promise<void> {
    const octets = await octetsOf(this.#path);
    if (await this.#endsANote(octets)) return;
    const tail = await this.#tail(octets, NOTE_OCTETS_MAX);
    const end = tail.lastIndexOf(NOTE_END);
    // So long without an end is none of ours.
    if (end < 0 && octets > NOTE_OCTETS_MAX) return;
    await truncate(this.#path, octets - tail.length + (end < 0 ? 0 : end + NOTE_END.length));
  }

  /** Octets before a place, as Latin-1. */
  async #tail(end: number, length: number): Promise<string> {
    const start = Math.max(0, end - length);
    const chunks: Buffer[] = [];
    for await (const chunk of createReadStream(this.#path, { start, end: end - 1 }))
      chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('latin1');
  }
}

/** Octets of the file after it was thinned, and of these how many are thinned for good. */
interface Thinning {
  settled: number;
  octets: number;
}

interface FollowedCheckpoint extends HistoricCheckpoint {
  /** Not a number: none follows, or one that cannot be read. */
  nextSize: number;
}

/** By one that is of as many leaves or more, within the same tile. */
function isFollowed({ size, nextSize }: FollowedCheckpoint): boolean {
  return nextSize >= size && nextSize <= Math.ceil(size / TILE_WIDTH) * TILE_WIDTH;
}

async function fatesOf(
  page: readonly FollowedCheckpoint[],
  judge: JudgeFates,
): Promise<Map<FollowedCheckpoint, Fate>> {
  const followed = page.filter(isFollowed);
  const fates = followed.length > 0 ? await judge(followed) : [];
  return new Map(followed.map((one, at) => [one, fates[at]]));
}

async function copyBeginning(path: string, octets: number, file: FileHandle): Promise<void> {
  if (octets === 0) return;
  for await (const chunk of createReadStream(path, { end: octets - 1 }))
    await file.writeFile(chunk as Buffer);
}

/** Not a number for what is no checkpoint: it stays, for `mohr fsck` to tell of. */
function sizeOf(note: string): number {
  try {
    return parseCheckpoint(parseNote(note).text).size;
  } catch (error) {
    if (error instanceof AuditError) return NaN;
    throw error;
  }
}

async function octetsOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
