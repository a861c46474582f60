import { setImmediate } from 'node:timers/promises';

import type { TransactionRunner } from '../core/transaction.ts';
import type { Clock } from '../core/clock.ts';
import { AuditError } from './audit-error.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { rememberingTiles } from './merkle/hash-source.ts';
import { TreeRoots } from './merkle/tree-roots.ts';
import { assertSigned } from './note/note-key.ts';
import type { NoteKey } from './note/note-key.ts';
import { parseNote } from './note/signed-note.ts';
import type { SequencerStore, TransparencyStore } from './transparency-store.ts';

export interface PruningHouse {
  transparency: TransparencyStore;
  sequencer: Pick<SequencerStore, 'lead'>;
  transactions: TransactionRunner;
  clock: Clock;
  /** All that the log ever had, retired ones among them. */
  logKeys: () => Promise<readonly NoteKey[]>;
}

/** How far somebody has looked: at the checkpoints of at most so many leaves. */
export interface Pruned {
  lookedAt: number;
  /** More are old enough to be looked at. */
  isMore: boolean;
}

const DAY_MILLISECONDS = 24 * 3600 * 1000;
/** Some tenths of a second where all of them go. */
const PAGE_ROWS = 1_000;

/**
 * Lets go of checkpoints that say nothing more than a later one, among the next ones after `lookedAt`; which those are is the schema's
 * rule (migrations/0260_pruned_checkpoints.sql). Only what contradicts nothing goes: a signature over another history would be the
 * proof that there was one. Those stay, and are told of as AuditError `checkpoint-contradicts`.
 */
export async function pruneCheckpoints(
  house: PruningHouse,
  lookedAt: number,
  onContradiction: (error: AuditError) => void,
): Promise<Pruned> {
  const { transparency: log, sequencer, transactions, clock } = house;
  const page = await log.checkpointsToPrune(lookedAt, aDayAgo(clock), PAGE_ROWS);
  const last = page.at(-1);
  if (!last) return { lookedAt, isMore: false };
  const keys = await house.logKeys();
  const tree = await treeAsItIs(log);
  const sizes: number[] = [];
  for (const { size, note } of page) {
    if (note === undefined) continue;
    // Others have their turn: requests come to the same process.
    await setImmediate();
    if (await isBorneOut(tree, { size, note }, keys)) sizes.push(size);
    else
      onContradiction(
        new AuditError(
          'checkpoint-contradicts',
          `the checkpoint of ${size} leaves is not of this log as it is; it stays`,
        ),
      );
  }
  if (sizes.length > 0)
    await transactions.transaction(async (tx) => {
      await sequencer.lead(tx);
      await log.deleteCheckpoints(tx, sizes);
    });
  return { lookedAt: last.size, isMore: page.length === PAGE_ROWS };
}

/** A checkpoint as it is kept outside of the database. */
export interface HistoricCheckpoint {
  size: number;
  note: string;
}

/** Of a checkpoint that is followed by a later one: it goes, it stays for ever, or nobody can tell yet. */
export type Fate = 'goes' | 'stays' | 'waits';

/**
 * What becomes of checkpoints outside of the database: those that it has stay as long as there, and of the others those that contradict
 * it. Without keys nobody is asked who has signed them.
 */
export async function fatesOutside(
  { transparency: log, clock, logKeys }: Pick<PruningHouse, 'transparency' | 'clock'> & Partial<PruningHouse>,
  some: readonly HistoricCheckpoint[],
): Promise<Fate[]> {
  const inside = await log.fatesOf(
    some.map(({ size }) => size),
    aDayAgo(clock),
  );
  const keys = await logKeys?.();
  const tree = await treeAsItIs(log);
  const fates: Fate[] = [];
  for (const one of some) {
    await setImmediate();
    fates.push(inside.get(one.size) ?? ((await isBorneOut(tree, one, keys)) ? 'goes' : 'stays'));
  }
  return fates;
}

function aDayAgo(clock: Clock): Date {
  return new Date(clock.now().getTime() - DAY_MILLISECONDS);
}

/** A tree of a size, for some questions about it. */
interface KnownTree {
  size: number;
  roots: TreeRoots;
}

async function treeAsItIs(log: TransparencyStore): Promise<KnownTree> {
  const size = await log.treeSize();
  return { size, roots: new TreeRoots(rememberingTiles(log, size)) };
}

/** Whether a note says of its leaves what the tree says, and one of `keys` has signed it, where there are any. */
async function isBorneOut(
  tree: KnownTree,
  { size, note }: HistoricCheckpoint,
  keys: readonly NoteKey[] | undefined,
): Promise<boolean> {
  try {
    const signed = parseNote(note);
    const stated = parseCheckpoint(signed.text);
    if (stated.size !== size || size > tree.size) return false;
    if (keys) assertSigned(signed, keys);
    return (await tree.roots.rootOf(size)).equals(stated.root);
  } catch (error) {
    if (error instanceof AuditError) return false;
    throw error;
  }
}
