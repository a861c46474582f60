import type { Clock } from '../core/clock.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import type { Signer } from '../keys/signer.ts';
import { digest } from '../pki/digest-algorithm.ts';
import { AuditError } from './audit-error.ts';
import { encodeCheckpoint } from './checkpoint.ts';
import { rememberingTiles } from './merkle/hash-source.ts';
import { rootHash } from './merkle/tree-hash.ts';
import { signNote } from './note/note-key.ts';
import type { NoteKey } from './note/note-key.ts';
import { encodeNote } from './note/signed-note.ts';
import type { StoredCheckpoint, TransparencyStore } from './transparency-store.ts';

/** A key of the log that is here to sign with. */
export interface LogSigner {
  key: NoteKey;
  signer: Signer;
}

export interface CheckpointHouse {
  transparency: TransparencyStore;
  transactions: TransactionRunner;
  clock: Clock;
  /** Those that are not retired: two during a rotation. All have the log's origin as their name. */
  logSigners: () => Promise<readonly LogSigner[]>;
}

/**
 * Signs the tree as it stands; undefined when the last checkpoint is of this size. Throws AuditError `log-forked` when the tree no
 * longer begins with what was signed before, or `log-behind` when it is smaller: a log that contradicts itself is not signed.
 */
export async function signCheckpoint(house: CheckpointHouse): Promise<StoredCheckpoint | undefined> {
  const { transparency: log, transactions, clock } = house;
  const last = await log.latestCheckpoint();
  const size = await log.treeSize();
  if (last) await assertBeginsWith(log, size, last);
  if (size === (last?.size ?? 0)) return undefined;
  const root = await rootHash(rememberingTiles(log, size), size);
  const signers = await house.logSigners();
  if (signers.length === 0) throw new AuditError('note-signature', 'the log has no key here to sign with');
  const text = encodeCheckpoint({ origin: signers[0].key.name, size, root });
  const signatures = await Promise.all(signers.map(({ signer, key }) => signNote(signer, key, text)));
  const checkpoint = { size, root, note: encodeNote({ text, signatures }), signedAt: clock.now() };
  await transactions.transaction((tx) => log.insertCheckpoint(tx, checkpoint));
  // Another node may have signed the same size with fewer keys, or more: what is on record stands.
  return log.checkpointOf(size);
}

/** Throws AuditError `log-behind` or `log-forked`. */
export async function assertBeginsWith(
  log: TransparencyStore,
  size: number,
  known: { size: number; root: Buffer },
): Promise<void> {
  if (known.size > size)
    throw new AuditError('log-behind', `the log has ${size} leaves here, and had ${known.size} before`);
  const root = await rootHash(rememberingTiles(log, size), known.size);
  if (!root.equals(known.root))
    throw new AuditError('log-forked', `the first ${known.size} leaves of the log are not what they were`);
}

/** Has the newest checkpoint stamped, so that the time by which its leaves were there is not the log's own word. */
export async function stampCheckpoint(
  { transparency: log, transactions }: Pick<CheckpointHouse, 'transparency' | 'transactions'>,
  stamp: (hash: Buffer) => Promise<Buffer>,
): Promise<boolean> {
  const checkpoint = await log.latestCheckpoint();
  if (!checkpoint || (await log.stampOf(checkpoint.size))) return false;
  const token = await stamp(digest('sha256', Buffer.from(checkpoint.note)));
  await transactions.transaction((tx) => log.insertStamp(tx, checkpoint.size, token));
  return true;
}
