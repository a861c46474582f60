import { AuditError } from '../../audit/audit-error.ts';
import type { Checkpoint } from '../../audit/checkpoint.ts';
import { commitmentOf, encodeLeaf, leafOf, parseLeaf } from '../../audit/log-leaf.ts';
import { parseEntryBundle } from '../../audit/merkle/entry-bundle.ts';
import { HASH_OCTETS, TILE_WIDTH } from '../../audit/merkle/hash-source.ts';
import { tilePath } from '../../audit/merkle/tile-path.ts';
import { leafHash } from '../../audit/merkle/tree-hash.ts';
import { TreeWalk } from '../../audit/merkle/tree-walk.ts';
import type { CompletedNode } from '../../audit/merkle/tree-walk.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import type { LeafRecordRow, LogQuestion, LogRecords } from '../../db/log-records.ts';
import type { LogFolder } from '../transparency/log-folder.ts';
import type { Finding, FindingCode } from './finding.ts';
import { CheckpointKeys } from './checkpoint-keys.ts';
import { NoteCursor, readNote } from './note-cursor.ts';

const PAGE_ROWS = 4096;

const QUESTIONS: readonly { ask: LogQuestion; code: FindingCode; detail: string }[] = [
  {
    ask: 'eventsWithoutLeaf',
    code: 'log-event-inserted',
    detail: 'it is in no leaf, and does not wait for one: it was put there past the log',
  },
  {
    ask: 'waitingWithoutEvent',
    code: 'log-event-missing',
    detail: 'it waited for its leaf, and is gone',
  },
  {
    ask: 'changesThatAreNot',
    code: 'event-without-status',
    detail: 'the status change that it tells of is not there, or says otherwise',
  },
  {
    ask: 'issuancesThatAreNot',
    code: 'event-without-status',
    detail: 'the certificate that it tells of is not there, or is another',
  },
];

export interface LogCheck {
  records: LogRecords;
  /** What is kept outside of the database. */
  folder: Pick<LogFolder, 'history' | 'read' | 'remembered'>;
  /** Keys of the log that whoever checks has brought along; absent: those of the database. */
  logKeys?: readonly NoteKey[];
}

/**
 * The transparency log from its first leaf: each leaf against its event and its salt, the tree that the leaves make against what is
 * stored of it, against every checkpoint that was signed, in the database and outside, and against the tiles outside. The root of all
 * trust is the log's key, and what an intruder cannot reach of the folder and the witnesses.
 *
 * A service may go on meanwhile: what is walked are the leaves that are there at the beginning. In whatever is longer, each thing is
 * read before that which has to hold it: the last checkpoint outside before the tree, the size of the tree before its nodes, and every
 * checkpoint before the tree as it is at the end. So a checkpoint beyond the last leaf is never one that was signed meanwhile.
 */
export async function* checkLog(check: LogCheck): AsyncGenerator<Finding> {
  const { records, folder } = check;
  const remembered = await folder.remembered();
  const extent = await records.extent();
  const nodes = await records.nodes();
  const keys = new CheckpointKeys(records, check.logKeys);
  const inside = await NoteCursor.open(notesOf(records));
  const outside = await NoteCursor.open(folder.history());
  const walk = new TreeWalk();
  let tile: Buffer[] = [];
  for await (const page of records.leaves(PAGE_ROWS, extent.leaves)) {
    for (const row of page) {
      if (row.leafIndex !== walk.size) {
        // Whatever comes after a gap proves nothing about its place.
        yield finding(
          'log-leaf-missing',
          `leaf:${walk.size}`,
          `the next leaf in the database is ${row.leafIndex}`,
        );
        yield* tailOf(folder, remembered, walk.size);
        return;
      }
      yield* checkLeaf(row);
      for (const node of walk.push(row.leafHash)) yield* checkNode(node, nodes);
      if (inside.has(walk.size))
        yield* checkNotes(await inside.upTo(walk.size), { walk, keys, where: 'in the database' });
      if (outside.has(walk.size))
        yield* checkNotes(await outside.upTo(walk.size), { walk, keys, where: 'outside of it' });
      tile.push(row.leafHash);
      if (tile.length === TILE_WIDTH) {
        yield* checkTile(folder, walk.size, tile);
        tile = [];
      }
    }
  }
  if (tile.length > 0) yield* checkTile(folder, walk.size, tile);
  const beyond = [...(await inside.rest()), ...(await outside.rest())];
  const now = await records.extent();
  if (walk.size !== extent.leaves || now.leaves !== now.size || now.leaves < walk.size)
    yield finding(
      'log-tail-removed',
      `leaf:${Math.min(walk.size, now.leaves)}`,
      `${now.leaves} leaves are there, of ${extent.leaves} before; the tree says ${now.size ?? 'nothing'}`,
    );
  yield* checkNotes(beyond, { walk, keys, where: 'beyond the last leaf', leaves: now.leaves });
  yield* tailOf(folder, remembered, walk.size);
  for (const node of nodes.keys())
    if (!isOfLeavesBetween(node, walk.size, now.leaves))
      yield finding('log-node-differs', `node:${node}`, 'no leaves are below it');
  for (const { ask, code, detail } of QUESTIONS)
    for (const subject of await records.subjects(ask)) yield finding(code, subject, detail);
}

function* checkLeaf(row: LeafRecordRow): Generator<Finding> {
  const subject = `event:${row.eventId}`;
  const { event, salt, commitment, leafIndex } = row;
  if (!event) {
    yield finding('log-event-missing', subject, `leaf ${leafIndex} is of it, and it is gone`);
    return;
  }
  if (!leafHash(encodeLeaf(leafOf(event, commitment))).equals(row.leafHash))
    yield finding('log-event-changed', subject, `it is not what leaf ${leafIndex} was made of`);
  if (salt && !commitmentOf(salt, event).equals(commitment))
    yield finding('log-event-changed', subject, `it is not what leaf ${leafIndex} commits to`);
  if (!salt && !row.isErased)
    yield finding(
      'log-salt-missing',
      subject,
      `leaf ${leafIndex} cannot be opened, and no erasure is on record`,
    );
}

/** Takes away what it has compared: the rest has no leaves. */
function* checkNode({ level, index, hash }: CompletedNode, nodes: Map<string, Buffer>): Generator<Finding> {
  const key = `${level}/${index}`;
  const stored = nodes.get(key);
  nodes.delete(key);
  if (stored?.equals(hash)) return;
  const leaves = TILE_WIDTH ** level;
  const range = `leaves ${index * leaves} to ${(index + 1) * leaves - 1}`;
  yield finding(
    'log-node-differs',
    `node:${key}`,
    `${range} are not those that were sequenced, or not in their order`,
  );
}

/** Whether a node was completed by leaves that came after those that were walked. */
function isOfLeavesBetween(node: string, walked: number, leaves: number): boolean {
  const [level, index] = node.split('/').map(Number);
  const end = (index + 1) * TILE_WIDTH ** level;
  return walked < end && end <= leaves;
}

interface NoteCheck {
  walk: TreeWalk;
  keys: CheckpointKeys;
  where: string;
  /** Leaves that are there by now, where they are more than were walked. */
  leaves?: number;
}

async function* checkNotes(
  notes: readonly string[],
  { walk, keys, where, leaves = walk.size }: NoteCheck,
): AsyncGenerator<Finding> {
  for (const text of notes) {
    const read = readNote(text);
    const subject = `checkpoint:${read?.size ?? 'unreadable'}`;
    if (!read || !(await keys.haveSigned(read.note)))
      yield finding('log-checkpoint-signature', subject, `no key of the log has signed it (${where})`);
    else if (read.size > leaves)
      yield finding(
        'log-tail-removed',
        subject,
        `it was signed over ${read.size} leaves, and ${leaves} are there`,
      );
    else if (read.size <= walk.size && !walk.root().equals(read.root))
      yield finding(
        'log-checkpoint-differs',
        subject,
        `the leaves below it are not those that it was signed over (${where})`,
      );
  }
}

/** Names the very leaf that is another than was published. */
async function* checkTile(
  folder: LogCheck['folder'],
  size: number,
  hashes: readonly Buffer[],
): AsyncGenerator<Finding> {
  const index = Math.floor((size - 1) / TILE_WIDTH);
  const published = await publishedTile(folder, index, hashes.length);
  if (!published) return;
  for (const [at, hash] of hashes.entries()) {
    const expected = published.subarray(at * HASH_OCTETS, (at + 1) * HASH_OCTETS);
    if (expected.length === 0 || expected.equals(hash)) continue;
    const leafIndex = index * TILE_WIDTH + at;
    const event = await publishedEvent(folder, leafIndex, published.length / HASH_OCTETS);
    yield finding(
      'log-published-differs',
      `leaf:${leafIndex}`,
      `published was event ${event ?? 'unknown'}; another, or a changed one, is in its place`,
    );
  }
}

/** What was published, before the tree was looked at, beyond the last leaf that is there. */
async function* tailOf(
  folder: LogCheck['folder'],
  published: Checkpoint | undefined,
  size: number,
): AsyncGenerator<Finding> {
  if (!published || published.size <= size) return;
  const width = Math.min(TILE_WIDTH, published.size - Math.floor(size / TILE_WIDTH) * TILE_WIDTH);
  const event = await publishedEvent(folder, size, width);
  yield finding(
    'log-tail-removed',
    `leaf:${size}`,
    `${published.size - size} leaves that were published are gone, event ${event ?? 'unknown'} the first of them`,
  );
}

/** Whole, or the widest part of it that is needed; undefined where nothing was published of it. */
async function publishedTile(
  folder: LogCheck['folder'],
  index: number,
  width: number,
): Promise<Buffer | undefined> {
  const rest = ((await folder.remembered())?.size ?? 0) - index * TILE_WIDTH;
  const wholePath = tilePath({ level: 0, index, width: TILE_WIDTH });
  const whole = await folder.read(wholePath);
  if (whole) return whole;
  for (let part = Math.min(Math.max(width, rest), TILE_WIDTH - 1); part > 0; part -= 1) {
    const found = await folder.read(tilePath({ level: 0, index, width: part }));
    if (found) return found;
  }
  // Completed meanwhile, it has taken the place of its parts.
  return folder.read(wholePath);
}

async function publishedEvent(
  folder: LogCheck['folder'],
  leafIndex: number,
  width: number,
): Promise<number | undefined> {
  const index = Math.floor(leafIndex / TILE_WIDTH);
  const bundle = await folder.read(tilePath({ level: 'entries', index, width }));
  try {
    const leaf = bundle && parseEntryBundle(bundle).at(leafIndex - index * TILE_WIDTH);
    return leaf && parseLeaf(leaf).event;
  } catch (error) {
    if (error instanceof AuditError) return undefined;
    throw error;
  }
}

async function* notesOf(records: LogRecords): AsyncGenerator<string> {
  for await (const page of records.checkpoints(PAGE_ROWS)) for (const { note } of page) yield note;
}

function finding(code: FindingCode, subject: string, detail: string): Finding {
  return { code, subject, detail };
}
