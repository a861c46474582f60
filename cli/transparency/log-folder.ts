import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { parseCheckpoint } from '../../audit/checkpoint.ts';
import type { Checkpoint } from '../../audit/checkpoint.ts';
import { encodeEntryBundle } from '../../audit/merkle/entry-bundle.ts';
import { TILE_WIDTH } from '../../audit/merkle/hash-source.ts';
import { tilePath, tilesBetween } from '../../audit/merkle/tile-path.ts';
import { encodeLeaf, leafOf } from '../../audit/log-leaf.ts';
import { parseNote } from '../../audit/note/signed-note.ts';
import type { StoredCheckpoint, TransparencyStore } from '../../audit/transparency-store.ts';
import { errorCode } from '../../core/errors.ts';
import { CheckpointHistory } from './checkpoint-history.ts';
import type { JudgeFates } from './checkpoint-history.ts';
import { writeDurably } from './write-durably.ts';

/** What the folder takes from the database. */
export type PublishedLog = Pick<TransparencyStore, 'hashes' | 'leaves'> & {
  /** Certificates that were issued by the events of some leaves, DER, in the leaves' order. */
  certificatesOf(start: number, count: number): Promise<Buffer[]>;
};

/**
 * The log outside of the database, in a folder that a web server may publish: `checkpoint`, `tile/…`. Beside them, for the operator
 * alone: `checkpoints`, those that there were, thinned now and then; and `certificates/…`, what was issued, so that a restore of an
 * older database loses none.
 */
export class LogFolder {
  readonly path: string;
  readonly #history: CheckpointHistory;

  /** `historyOctets`: by how much `checkpoints` grows before it is thinned. */
  constructor(path: string, { historyOctets }: { historyOctets?: number } = {}) {
    this.path = path;
    this.#history = new CheckpointHistory(join(path, 'checkpoints'), historyOctets);
  }

  /** The last checkpoint that was kept here; undefined before the first. */
  async remembered(): Promise<(Checkpoint & { note: string }) | undefined> {
    const note = await readOrUndefined(join(this.path, 'checkpoint'));
    return note && { ...parseCheckpoint(parseNote(note.toString('utf8')).text), note: note.toString('utf8') };
  }

  /** The checkpoints that are kept here, the oldest first; what a crash left half written is left out. */
  history(): AsyncGenerator<string> {
    return this.#history.notes();
  }

  /** Once `checkpoints` has grown enough, leaves out those that say nothing more. */
  async thin(judge: JudgeFates): Promise<boolean> {
    return this.#history.thin(judge);
  }

  /** Keeps everything that a checkpoint is of: the checkpoint itself comes last, so that what it names is there. */
  async publish(log: PublishedLog, { size, note }: StoredCheckpoint): Promise<void> {
    const oldSize = (await this.remembered())?.size ?? 0;
    if (size <= oldSize) return;
    await mkdir(this.path, { recursive: true });
    for (const tile of tilesBetween(oldSize, size)) {
      const hashes = await log.hashes(tile.level, tile.index * TILE_WIDTH, tile.width);
      await writeDurably(join(this.path, tilePath(tile)), hashes);
      if (tile.level === 0) await this.#publishEntries(log, tile.index, tile.width);
      if (tile.width === TILE_WIDTH)
        await rm(join(this.path, `${tilePath(tile)}.p`), { recursive: true, force: true });
    }
    await this.#history.append(note);
    await writeDurably(join(this.path, 'checkpoint'), note);
  }

  /** Keeps a checkpoint alone, where others keep what it is of. */
  async remember({ size, note }: Pick<StoredCheckpoint, 'size' | 'note'>): Promise<void> {
    if (size <= ((await this.remembered())?.size ?? 0)) return;
    await mkdir(this.path, { recursive: true });
    await this.#history.append(note);
    await writeDurably(join(this.path, 'checkpoint'), note);
  }

  async read(path: string): Promise<Buffer | undefined> {
    return readOrUndefined(join(this.path, path));
  }

  async #publishEntries(log: PublishedLog, index: number, width: number): Promise<void> {
    const leaves = await log.leaves(index * TILE_WIDTH, width);
    const bundle = encodeEntryBundle(
      leaves.map(({ event, commitment }) => encodeLeaf(leafOf(event, commitment))),
    );
    const entries = tilePath({ level: 'entries', index, width });
    const certificates = certificatesPath(index, width);
    await writeDurably(join(this.path, entries), bundle);
    const issued = await log.certificatesOf(index * TILE_WIDTH, width);
    if (issued.length > 0) await writeDurably(join(this.path, certificates), Buffer.concat(issued));
    if (width < TILE_WIDTH) return;
    for (const path of [entries, certificates])
      await rm(join(this.path, `${path}.p`), { recursive: true, force: true });
  }
}

/** As the bundle of entries that their events are in. */
function certificatesPath(index: number, width: number): string {
  return tilePath({ level: 'entries', index, width }).replace(/^tile\/entries/, 'certificates');
}

async function readOrUndefined(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
