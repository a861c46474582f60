import { AuditError } from './audit-error.ts';
import { parseCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { encodeLeaf, leafOf, parseLeaf } from './log-leaf.ts';
import type { LogLeaf } from './log-leaf.ts';
import { consistencyProof, inclusionProof } from './merkle/prove.ts';
import { leafHash } from './merkle/tree-hash.ts';
import { verifyInclusion } from './merkle/verify-proof.ts';
import { assertSigned } from './note/note-key.ts';
import type { NoteKey } from './note/note-key.ts';
import { parseNote } from './note/signed-note.ts';
import { encodeTlogProof, parseTlogProof } from './note/tlog-proof.ts';
import type { LeafQuery, TransparencyStore } from './transparency-store.ts';

export interface EventProof {
  leaf: LogLeaf;
  leafIndex: number;
  treeSize: number;
  hashes: Buffer[];
  /** Of a tree that has the leaf, with the signatures of its witnesses. */
  checkpoint: string;
  /** RFC 3161 over the SHA-256 of the checkpoint without its witnesses' signatures; absent while nobody has stamped it. */
  timeStamp?: Buffer;
  /** All of it in one text. */
  tlogProof: string;
}

/** Proves an event to whoever knows a key of the log. Throws AuditError `proof-not-available`: there is none, or none that is signed yet. */
export async function proveEvent(log: TransparencyStore, query: LeafQuery): Promise<EventProof> {
  const found = await log.findLeaf(query);
  const signed = found && (await log.checkpointOver(found.leafIndex + 1));
  if (!found || !signed)
    throw new AuditError('proof-not-available', 'no event of this kind is under a signed checkpoint');
  const { leafIndex, event, commitment } = found;
  const leaf = leafOf(event, commitment);
  const hashes = await inclusionProof(log, leafIndex, signed.size);
  const checkpoint = await cosigned(log, signed);
  const timeStamp = await log.stampOf(signed.size);
  const tlogProof = encodeTlogProof({ leaf: encodeLeaf(leaf), leafIndex, hashes, checkpoint });
  return {
    leaf,
    leafIndex,
    treeSize: signed.size,
    hashes,
    checkpoint,
    ...(timeStamp && { timeStamp }),
    tlogProof,
  };
}

/** A checkpoint with the lines of all witnesses that have cosigned it. */
export async function cosigned(
  log: Pick<TransparencyStore, 'cosignaturesOf'>,
  { size, note }: { size: number; note: string },
): Promise<string> {
  return note + (await log.cosignaturesOf(size)).map(({ line }) => line).join('');
}

/** Between two sizes of the tree as they were signed or not. Throws AuditError `tree-size`. */
export async function proveConsistency(
  log: TransparencyStore,
  oldSize: number,
  size: number,
): Promise<Buffer[]> {
  const treeSize = await log.treeSize();
  if (size > treeSize) throw new AuditError('tree-size', `the log has ${treeSize} leaves, not ${size}`);
  return consistencyProof(log, oldSize, size);
}

/** What a proof proves, once it holds. Throws AuditError `note-malformed`, `note-signature`, `leaf-malformed` or `proof-wrong`. */
export function verifyEventProof(
  text: string,
  keys: readonly NoteKey[],
): { leaf: LogLeaf; leafIndex: number; checkpoint: Checkpoint } {
  const proof = parseTlogProof(text);
  const note = parseNote(proof.checkpoint);
  const checkpoint = parseCheckpoint(note.text);
  assertSigned(
    note,
    keys.filter(({ name, kind }) => kind === 'ed25519' && name === checkpoint.origin),
  );
  verifyInclusion({ ...proof, ...checkpoint, leafHash: leafHash(proof.leaf), proof: proof.hashes });
  return { leaf: parseLeaf(proof.leaf), leafIndex: proof.leafIndex, checkpoint };
}
