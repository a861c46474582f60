import type { Transaction } from '../core/transaction.ts';
import type { RecordedEvent } from './log-leaf.ts';
import type { GrownLevel } from './merkle/grow-tree.ts';
import type { HashSource } from './merkle/hash-source.ts';

/** A leaf beside what opens its commitment. */
export interface NewLeaf {
  eventId: number;
  salt: Buffer;
  commitment: Buffer;
  leafHash: Buffer;
}

export interface StoredCheckpoint {
  size: number;
  root: Buffer;
  /** With the signatures of the log's own keys. */
  note: string;
  signedAt: Date;
}

/** Where events get their order. Everything is durable with the transaction it is given. */
export interface SequencerStore {
  /** Makes the caller the only one at this until its transaction ends; false when somebody else is. */
  tryLead(tx: Transaction): Promise<boolean>;
  /** The same, once nobody else is at it: for tenths of a second. */
  lead(tx: Transaction): Promise<void>;
  size(tx: Transaction): Promise<number>;
  /** Committed events without a leaf, those with the lowest identities first. */
  unsequenced(tx: Transaction, limit: number): Promise<RecordedEvent[]>;
  hashesIn(tx: Transaction): HashSource;
  /** Appends leaves from `start` on, and what they complete; the tree has `start` and so many leaves then. */
  append(
    tx: Transaction,
    start: number,
    leaves: readonly NewLeaf[],
    grown: readonly GrownLevel[],
  ): Promise<void>;
}

/** A leaf as it is recorded, beside the event that it is of. */
export interface SequencedEvent {
  leafIndex: number;
  event: RecordedEvent;
  commitment: Buffer;
  leafHash: Buffer;
}

export interface LogFigures {
  size: number;
  /** Events that wait for their leaf, and since when the oldest does. */
  unsequenced: number;
  oldestUnsequencedAt?: Date;
}

export interface StoredCosignature {
  witness: string;
  line: string;
  receivedAt: Date;
}

/** What was signed of the log, and what others have said of it. */
export interface CheckpointStore {
  latestCheckpoint(): Promise<StoredCheckpoint | undefined>;
  /** The smallest that has at least so many leaves, one that is stamped where there is one. */
  checkpointOver(size: number): Promise<StoredCheckpoint | undefined>;
  /** The first that was signed over more leaves. */
  firstCheckpointAfter(size: number): Promise<StoredCheckpoint | undefined>;
  checkpointOf(size: number): Promise<StoredCheckpoint | undefined>;
  insertCheckpoint(tx: Transaction, checkpoint: StoredCheckpoint): Promise<void>;
  stampOf(size: number): Promise<Buffer | undefined>;
  insertStamp(tx: Transaction, size: number, token: Buffer): Promise<void>;
  /** Sizes of the stamped checkpoints below a size, the largest first. */
  stampedSizes(below: number, limit: number): Promise<number[]>;
  cosignaturesOf(size: number): Promise<StoredCosignature[]>;
  /** Size of the last checkpoint that each witness has cosigned. */
  witnessed(): Promise<Map<string, number>>;
  insertCosignature(tx: Transaction, size: number, cosignature: StoredCosignature): Promise<void>;
  /** The next ones above a size, up to the first that was signed later and without the newest; with their notes those that may be let go. */
  checkpointsToPrune(
    above: number,
    signedBefore: Date,
    limit: number,
  ): Promise<{ size: number; note?: string }[]>;
  /** With their cosignatures. Rejects when one of them is to be kept. */
  deleteCheckpoints(tx: Transaction, sizes: readonly number[]): Promise<void>;
  /** Of some sizes those of which there is a checkpoint: whether it stays, or may be let go sooner or later. */
  fatesOf(sizes: readonly number[], signedBefore: Date): Promise<Map<number, 'stays' | 'waits'>>;
}

/** What is kept of the log beside its leaves, and everything that readers ask. */
export interface TransparencyStore extends HashSource, CheckpointStore {
  treeSize(): Promise<number>;
  figures(): Promise<LogFigures>;
  /** Leaves with their events, from an index on, in order. */
  leaves(start: number, count: number): Promise<SequencedEvent[]>;
  /** Where the last accepted event of an action about a subject stands; undefined before it is sequenced. */
  findLeaf(query: LeafQuery): Promise<SequencedEvent | undefined>;
}

export type LeafQuery =
  | { eventId: number }
  | { subject: string; action: string }
  /** How a certificate came here: issued, or imported by a ceremony. */
  | { certificateSha256: Buffer };

export interface EventQuery {
  subject?: string;
  action?: string;
  /** Inclusive. */
  from?: Date;
  /** Exclusive. */
  until?: Date;
  /** Events recorded before this one only. */
  before?: number;
  limit: number;
}

/** An event as it is recorded, with its leaf once it has one. */
export interface FoundEvent extends RecordedEvent {
  leafIndex?: number;
}

/** What auditors search. */
export interface EventArchive {
  /** The newest first. */
  searchEvents(query: EventQuery): Promise<FoundEvent[]>;
}

/** A public key of the log, and where its private one is. */
export interface LogKeyRecord {
  /** As verifiers are told it. */
  noteKey: string;
  keyReference: string;
  addedAt: Date;
  retiredAt?: Date;
}

export interface LogKeyStore {
  /** The oldest first, those that are retired among them. */
  listKeys(tx: Transaction): Promise<LogKeyRecord[]>;
  insertKey(tx: Transaction, key: LogKeyRecord): Promise<void>;
  retireKey(tx: Transaction, noteKey: string, at: Date): Promise<void>;
}
