import { AuditError } from '../../audit/audit-error.ts';
import { parseCheckpoint } from '../../audit/checkpoint.ts';
import { commitmentOf, encodeLeaf, leafOf, parseLeaf } from '../../audit/log-leaf.ts';
import { parseEntryBundle } from '../../audit/merkle/entry-bundle.ts';
import { HASH_OCTETS, TILE_WIDTH } from '../../audit/merkle/hash-source.ts';
import { tilePath } from '../../audit/merkle/tile-path.ts';
import { leafHash } from '../../audit/merkle/tree-hash.ts';
import { TreeWalk } from '../../audit/merkle/tree-walk.ts';
import type { CompletedNode } from '../../audit/merkle/tree-walk.ts';
import { assertSigned, parseNoteKey } from '../../audit/note/note-key.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import { parseNote } from '../../audit/note/signed-note.ts';
import type { LeafRecordRow, LogQuestion, LogRecords } from '../../db/log-records.ts';
import type { LogFolder } from '../transparency/log-folder.ts';
import type { Finding, FindingCode } from './finding.ts';

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
 */
export async function* checkLog(check: LogCheck): AsyncGenerator<Finding> {
  const { records, folder } = check;
  const keys = check.logKeys ?? (await records.keys()).map(parseNoteKey);
  const sizeBefore = await records.treeSize();
  const nodes = await records.nodes();
  const inside = await NoteCursor.open(notesOf(records));
  const outside = await NoteCursor.open(folder.history());
  const walk = new TreeWalk();
  let tile: Buffer[] = [];
  for await (const page of records.leaves(PAGE_ROWS)) {
    for (const row of page) {
      if (row.leafIndex !== walk.size) {
        // Whatever comes after a gap proves nothing about its place.
        yield finding(
          'log-leaf-missing',
          `leaf:${walk.size}`,
          `the next leaf in the database is ${row.leafIndex}`,
        );
        yield* tailOf(check, walk.size);
        return;
      }
      yield* checkLeaf(row);
      for (const node of walk.push(row.leafHash)) yield* checkNode(node, nodes);
      if (inside.has(walk.size))
        yield* checkNotes(await inside.upTo(walk.size), walk, keys, 'in the database');
      if (outside.has(walk.size))
        yield* checkNotes(await outside.upTo(walk.size), walk, keys, 'outside of it');
      tile.push(row.leafHash);
      if (tile.length === TILE_WIDTH) {
        yield* checkTile(folder, walk.size, tile);
        tile = [];
      }
    }
  }
  if (tile.length > 0) yield* checkTile(folder, walk.size, tile);
  const size = await records.treeSize();
  // A service that goes on may have made leaves meanwhile.
  if (!((sizeBefore ?? NaN) <= walk.size && walk.size <= (size ?? NaN)))
    yield finding(
      'log-tail-removed',
      `leaf:${walk.size}`,
      `${walk.size} leaves are there of ${size ?? 'an unknown number'}`,
    );
  yield* checkNotes(
    [...(await inside.rest()), ...(await outside.rest())],
    walk,
    keys,
    'beyond the last leaf',
  );
  yield* tailOf(check, walk.size);
  for (const [node] of [...nodes].filter(([, hash]) => hash.length > 0))
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

function* checkNotes(
  notes: readonly string[],
  walk: TreeWalk,
  keys: readonly NoteKey[],
  where: string,
): Generator<Finding> {
  for (const text of notes) {
    const read = readNote(text);
    const subject = `checkpoint:${read?.size ?? 'unreadable'}`;
    if (!read || isRefused(() => assertSigned(read.note, keys))) {
      yield finding('log-checkpoint-signature', subject, `no key of the log has signed it (${where})`);
      continue;
    }
    if (read.size > walk.size)
      yield finding(
        'log-tail-removed',
        subject,
        `it was signed over ${read.size} leaves, and ${walk.size} are there`,
      );
    else if (!walk.root().equals(read.root))
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

/** What was published beyond the last leaf that is there. */
async function* tailOf({ folder }: LogCheck, size: number): AsyncGenerator<Finding> {
  const remembered = await folder.remembered();
  if (!remembered || remembered.size <= size) return;
  const width = Math.min(TILE_WIDTH, remembered.size - Math.floor(size / TILE_WIDTH) * TILE_WIDTH);
  const event = await publishedEvent(folder, size, width);
  yield finding(
    'log-tail-removed',
    `leaf:${size}`,
    `${remembered.size - size} leaves that were published are gone, event ${event ?? 'unknown'} the first of them`,
  );
}

/** Whole, or the widest part of it that is needed; undefined where nothing was published of it. */
async function publishedTile(
  folder: LogCheck['folder'],
  index: number,
  width: number,
): Promise<Buffer | undefined> {
  const rest = ((await folder.remembered())?.size ?? 0) - index * TILE_WIDTH;
  const whole = await folder.read(tilePath({ level: 0, index, width: TILE_WIDTH }));
  if (whole) return whole;
  for (let part = Math.min(Math.max(width, rest), TILE_WIDTH - 1); part > 0; part -= 1) {
    const found = await folder.read(tilePath({ level: 0, index, width: part }));
    if (found) return found;
  }
  return undefined;
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

/** Signed notes in the order of their sizes, taken as the walk comes to them. */
class NoteCursor {
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

  rest(): Promise<string[]> {
    return this.upTo(Infinity);
  }

  async #advance(): Promise<void> {
    const { value, done } = (await this.#notes.next()) as IteratorResult<string, undefined>;
    this.#next = done === true ? undefined : { text: value, size: readNote(value)?.size ?? 0 };
  }
}

async function* notesOf(records: LogRecords): AsyncGenerator<string> {
  for await (const page of records.checkpoints(PAGE_ROWS)) for (const { note } of page) yield note;
}

function readNote(text: string) {
  try {
    const note = parseNote(text);
    return { note, ...parseCheckpoint(note.text) };
  } catch (error) {
    if (error instanceof AuditError) return undefined;
    throw error;
  }
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

function finding(code: FindingCode, subject: string, detail: string): Finding {
  return { code, subject, detail };
}
