import type { Clock } from '../../core/clock.ts';
import type { Signer } from '../../keys/signer.ts';
import { AuditError } from '../audit-error.ts';
import { parseCheckpoint } from '../checkpoint.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { verifyConsistency } from '../merkle/verify-proof.ts';
import { EMPTY_ROOT } from '../merkle/tree-hash.ts';
import { assertSigned, cosignNote } from '../note/note-key.ts';
import type { NoteKey } from '../note/note-key.ts';
import { encodeNote, parseNote, signatureLine } from '../note/signed-note.ts';
import type { AddCheckpoint } from './add-checkpoint.ts';

/** The last checkpoint of each log that a witness has cosigned. */
export interface WitnessMemory {
  last(origin: string): Promise<Checkpoint | undefined>;
  /** Durable when it resolves: what was cosigned and forgotten could be contradicted. */
  remember(checkpoint: Checkpoint, note: string): Promise<void>;
}

export interface WitnessHouse {
  key: NoteKey;
  signer: Signer;
  /** Keys of the logs that it is a witness of; a key's name is its log's origin. */
  logs: readonly NoteKey[];
  memory: WitnessMemory;
  clock: Clock;
}

export type WitnessVerdict =
  | { outcome: 'cosigned'; lines: string }
  /** The log thinks that another one was the last. */
  | { outcome: 'other-size'; knownSize: number }
  | { outcome: 'log-unknown' }
  | { outcome: 'not-signed' }
  | { outcome: 'inconsistent' };

/**
 * What a witness says to a checkpoint: it cosigns what a log that it knows has signed and what begins with all that it has seen
 * of it. Throws AuditError `note-malformed` or `checkpoint-malformed`. The caller lets in one request at a time.
 *
 * @see https://c2sp.org/tlog-witness
 */
export async function judgeCheckpoint(house: WitnessHouse, request: AddCheckpoint): Promise<WitnessVerdict> {
  const note = parseNote(request.note);
  const checkpoint = parseCheckpoint(note.text);
  const keys = house.logs.filter(({ name }) => name === checkpoint.origin);
  if (keys.length === 0) return { outcome: 'log-unknown' };
  if (isRefused(() => assertSigned(note, keys))) return { outcome: 'not-signed' };
  if (request.oldSize > checkpoint.size)
    throw new AuditError(
      'checkpoint-malformed',
      `${checkpoint.size} leaves cannot follow ${request.oldSize}`,
    );
  const { size: knownSize, root: knownRoot } = (await house.memory.last(checkpoint.origin)) ?? {
    size: 0,
    root: EMPTY_ROOT,
  };
  if (request.oldSize !== knownSize) return { outcome: 'other-size', knownSize };
  const claim = { oldSize: knownSize, oldRoot: knownRoot, ...checkpoint, proof: request.proof };
  if (isRefused(() => verifyConsistency(claim))) return { outcome: 'inconsistent' };
  const cosignature = await cosignNote(house.signer, house.key, note.text, house.clock.now());
  await house.memory.remember(
    checkpoint,
    encodeNote({ text: note.text, signatures: [...note.signatures, cosignature] }),
  );
  return { outcome: 'cosigned', lines: signatureLine(cosignature) };
}

function isRefused(check: () => void): boolean {
  try {
    check();
    return false;
  } catch (error) {
    if (error instanceof AuditError) return true;
    throw error;
  }
}
