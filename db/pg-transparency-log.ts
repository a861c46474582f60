import type { AuditEvent } from '../audit/audit-event.ts';
import type { RecordedEvent } from '../audit/log-leaf.ts';
import type { GrownLevel } from '../audit/merkle/grow-tree.ts';
import type { HashSource } from '../audit/merkle/hash-source.ts';
import type {
  EventArchive,
  EventQuery,
  FoundEvent,
  LeafQuery,
  LogFigures,
  LogKeyRecord,
  LogKeyStore,
  NewLeaf,
  SequencedEvent,
  SequencerStore,
  StoredCheckpoint,
  StoredCosignature,
  TransparencyStore,
} from '../audit/transparency-store.ts';
import type { Transaction } from '../core/transaction.ts';
import { byteaArray, textArray } from './binary-array.ts';
import type { Database } from './database.ts';
import { DbError } from './db-error.ts';
import { pg } from './pg-transaction.ts';
import { readHashes } from './read-hashes.ts';

export const EVENT_COLUMNS =
  'e.id, e.at, e.actor_kind, e.actor_id, e.office_id, e.action, e.outcome, e.subject, e.refusal_code, e.details';

export interface AuditEventRow {
  id: string;
  at: Date;
  actor_kind: AuditEvent['actor']['kind'];
  actor_id: string;
  office_id: string | null;
  action: string;
  outcome: AuditEvent['outcome'];
  subject: string;
  refusal_code: string | null;
  details: AuditEvent['details'];
}

type LeafRow = AuditEventRow & { leaf_index: string; commitment: Buffer; leaf_hash: Buffer };

const CHECKPOINT_COLUMNS = 'tree_size, root_hash, note, signed_at';
interface CheckpointRow {
  tree_size: string;
  root_hash: Buffer;
  note: string;
  signed_at: Date;
}

export class PgTransparencyLog implements SequencerStore, TransparencyStore, EventArchive, LogKeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async tryLead(tx: Transaction): Promise<boolean> {
    const [{ leads }] = await pg(tx).query<{ leads: boolean }>({
      name: 'audit-lead',
      text: `select pg_try_advisory_xact_lock(hashtextextended('audit-sequencer', 0)) as leads`,
    });
    return leads;
  }

  async size(tx: Transaction): Promise<number> {
    const [{ size }] = await pg(tx).query<{ size: string }>({
      name: 'audit-size',
      text: 'select size from audit_tree for update',
    });
    return Number(size);
  }

  async unsequenced(tx: Transaction, limit: number): Promise<RecordedEvent[]> {
    const rows = await pg(tx).query<AuditEventRow>({
      name: 'audit-unsequenced',
      text: `select ${EVENT_COLUMNS} from (select event_id from audit_unsequenced order by event_id limit $1) u
        join audit_event e on e.id = u.event_id order by e.id`,
      values: [limit],
    });
    return rows.map(recordedEventOf);
  }

  hashesIn(tx: Transaction): HashSource {
    return { hashes: (level, start, count) => readHashes((one) => pg(tx).query(one), level, start, count) };
  }

  async append(
    tx: Transaction,
    start: number,
    leaves: readonly NewLeaf[],
    grown: readonly GrownLevel[],
  ): Promise<void> {
    const ids = textArray(leaves.map(({ eventId }) => String(eventId)));
    await pg(tx).execute({
      name: 'audit-append',
      text: `insert into audit_leaf (leaf_index, event_id, commitment, leaf_hash)
        select $1::bigint + l.n - 1, l.event_id, l.commitment, l.leaf_hash
        from unnest($2::text[]::bigint[], $3::bytea[], $4::bytea[]) with ordinality as l (event_id, commitment, leaf_hash, n)
        order by l.n`,
      values: [
        start,
        ids,
        byteaArray(leaves.map(({ commitment }) => commitment)),
        byteaArray(leaves.map(({ leafHash }) => leafHash)),
      ],
    });
    await pg(tx).execute({
      name: 'audit-append-salts',
      text: `insert into audit_salt (event_id, salt) select * from unnest($1::text[]::bigint[], $2::bytea[])`,
      values: [ids, byteaArray(leaves.map(({ salt }) => salt))],
    });
    for (const level of grown) await insertLevel(tx, level);
    await pg(tx).execute({
      name: 'audit-sequenced',
      text: 'delete from audit_unsequenced where event_id = any($1::text[]::bigint[])',
      values: [ids],
    });
    await advanceTree(tx, start, leaves.length);
  }

  hashes(level: number, start: number, count: number): Promise<Buffer> {
    return readHashes((statement) => this.#database.query(statement), level, start, count);
  }

  async treeSize(): Promise<number> {
    const [{ size }] = await this.#database.query<{ size: string }>({ text: 'select size from audit_tree' });
    return Number(size);
  }

  async figures(): Promise<LogFigures> {
    const [row] = await this.#database.query<{ size: string; waiting: string; oldest: Date | null }>({
      text: `select t.size, (select count(*) from audit_unsequenced) as waiting,
          (select min(e.at) from audit_unsequenced u join audit_event e on e.id = u.event_id) as oldest
        from audit_tree t`,
    });
    return {
      size: Number(row.size),
      unsequenced: Number(row.waiting),
      ...(row.oldest && { oldestUnsequencedAt: row.oldest }),
    };
  }

  async leaves(start: number, count: number): Promise<SequencedEvent[]> {
    const rows = await this.#database.query<LeafRow>({
      name: 'audit-leaves',
      text: `select l.leaf_index, l.commitment, l.leaf_hash, ${EVENT_COLUMNS}
        from audit_leaf l join audit_event e on e.id = l.event_id
        where l.leaf_index >= $1 and l.leaf_index < $1::bigint + $2::bigint order by l.leaf_index`,
      values: [start, count],
    });
    return rows.map(sequencedEventOf);
  }

  /** Certificates that were issued by the events of some leaves, DER, in the leaves' order. */
  async certificatesOf(start: number, count: number): Promise<Buffer[]> {
    const rows = await this.#database.query<{ der: Buffer }>({
      name: 'audit-certificates-of',
      text: `select c.der from audit_leaf l join audit_event e on e.id = l.event_id
        join certificate c on c.sha256 = decode(e.details->>'sha256', 'hex')
        where l.leaf_index >= $1 and l.leaf_index < $1::bigint + $2::bigint
          and e.action in ('issue-certificate', 'import-certificate') order by l.leaf_index`,
      values: [start, count],
    });
    return rows.map(({ der }) => der);
  }

  async issuedHere(certificateSha256: Buffer): Promise<boolean> {
    const rows = await this.#database.query({
      text: 'select from certificate where sha256 = $1',
      values: [certificateSha256],
    });
    return rows.length > 0;
  }

  async findLeaf(query: LeafQuery): Promise<SequencedEvent | undefined> {
    const { where, values } = conditionOf(query);
    const [row] = await this.#database.query<LeafRow>({
      text: `select l.leaf_index, l.commitment, l.leaf_hash, ${EVENT_COLUMNS}
        from audit_event e join audit_leaf l on l.event_id = e.id
        where ${where} order by e.id desc limit 1`,
      values,
    });
    return (row as LeafRow | undefined) && sequencedEventOf(row);
  }

  async searchEvents({ subject, action, from, until, before, limit }: EventQuery): Promise<FoundEvent[]> {
    const rows = await this.#database.query<AuditEventRow & { leaf_index: string | null }>({
      text: `select l.leaf_index, ${EVENT_COLUMNS}
        from audit_event e left join audit_leaf l on l.event_id = e.id
        where ($1::text is null or e.subject = $1) and ($2::text is null or e.action = $2)
          and ($3::timestamptz is null or e.at >= $3) and ($4::timestamptz is null or e.at < $4)
          and ($5::bigint is null or e.id < $5)
        order by e.id desc limit $6`,
      values: [subject ?? null, action ?? null, from ?? null, until ?? null, before ?? null, limit],
    });
    return rows.map((row) => ({
      ...recordedEventOf(row),
      ...(row.leaf_index !== null && { leafIndex: Number(row.leaf_index) }),
    }));
  }

  async latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    return this.#checkpoint('order by tree_size desc', []);
  }

  /** Tells whoever signs checkpoints that somebody waits for one. */
  async askForCheckpoint(): Promise<void> {
    await this.#database.query({ text: `select pg_notify('log_wanted', '')` });
  }

  async checkpointOver(size: number): Promise<StoredCheckpoint | undefined> {
    return this.#checkpoint(
      `where tree_size >= $1 order by exists (select from audit_checkpoint_stamp s where s.tree_size = c.tree_size) desc, tree_size`,
      [size],
    );
  }

  async firstCheckpointAfter(size: number): Promise<StoredCheckpoint | undefined> {
    return this.#checkpoint('where tree_size > $1 order by tree_size', [size]);
  }

  async checkpointOf(size: number): Promise<StoredCheckpoint | undefined> {
    return this.#checkpoint('where tree_size = $1', [size]);
  }

  async insertCheckpoint(tx: Transaction, { size, root, note, signedAt }: StoredCheckpoint): Promise<void> {
    await pg(tx).execute({
      text: `insert into audit_checkpoint (${CHECKPOINT_COLUMNS}) values ($1, $2, $3, $4) on conflict do nothing`,
      values: [size, root, note, signedAt],
    });
  }

  async stampOf(size: number): Promise<Buffer | undefined> {
    const [row] = await this.#database.query<{ token: Buffer }>({
      text: 'select token from audit_checkpoint_stamp where tree_size = $1',
      values: [size],
    });
    return (row as { token: Buffer } | undefined)?.token;
  }

  async insertStamp(tx: Transaction, size: number, token: Buffer): Promise<void> {
    await pg(tx).execute({
      text: 'insert into audit_checkpoint_stamp (tree_size, token) values ($1, $2) on conflict do nothing',
      values: [size, token],
    });
  }

  async cosignaturesOf(size: number): Promise<StoredCosignature[]> {
    const rows = await this.#database.query<{ witness: string; line: string; received_at: Date }>({
      text: 'select witness, line, received_at from audit_cosignature where tree_size = $1 order by witness',
      values: [size],
    });
    return rows.map(({ witness, line, received_at: receivedAt }) => ({ witness, line, receivedAt }));
  }

  async witnessed(): Promise<Map<string, number>> {
    const rows = await this.#database.query<{ witness: string; size: string }>({
      text: 'select witness, max(tree_size) as size from audit_cosignature group by witness',
    });
    return new Map(rows.map(({ witness, size }) => [witness, Number(size)]));
  }

  async insertCosignature(
    tx: Transaction,
    size: number,
    { witness, line, receivedAt }: StoredCosignature,
  ): Promise<void> {
    await pg(tx).execute({
      text: `insert into audit_cosignature (tree_size, witness, line, received_at) values ($1, $2, $3, $4)
        on conflict do nothing`,
      values: [size, witness, line, receivedAt],
    });
  }

  async listKeys(tx: Transaction): Promise<LogKeyRecord[]> {
    const rows = await pg(tx).query<{
      note_key: string;
      key_reference: string;
      added_at: Date;
      retired_at: Date | null;
    }>({
      text: `select k.note_key, k.key_reference, k.added_at, r.retired_at
        from audit_log_key k left join audit_log_key_retirement r on r.note_key = k.note_key
        order by k.added_at, k.note_key`,
    });
    return rows.map((row) => ({
      noteKey: row.note_key,
      keyReference: row.key_reference,
      addedAt: row.added_at,
      ...(row.retired_at && { retiredAt: row.retired_at }),
    }));
  }

  async insertKey(tx: Transaction, { noteKey, keyReference, addedAt }: LogKeyRecord): Promise<void> {
    await pg(tx).execute({
      text: 'insert into audit_log_key (note_key, key_reference, added_at) values ($1, $2, $3)',
      values: [noteKey, keyReference, addedAt],
    });
  }

  async retireKey(tx: Transaction, noteKey: string, at: Date): Promise<void> {
    await pg(tx).execute({
      text: 'insert into audit_log_key_retirement (note_key, retired_at) values ($1, $2)',
      values: [noteKey, at],
    });
  }

  async #checkpoint(which: string, values: unknown[]): Promise<StoredCheckpoint | undefined> {
    const [row] = await this.#database.query<CheckpointRow>({
      text: `select ${CHECKPOINT_COLUMNS} from audit_checkpoint c ${which} limit 1`,
      values,
    });
    if (!(row as CheckpointRow | undefined)) return undefined;
    return { size: Number(row.tree_size), root: row.root_hash, note: row.note, signedAt: row.signed_at };
  }
}

/** Of the events that a question is about. */
function conditionOf(query: LeafQuery): { where: string; values: unknown[] } {
  if ('eventId' in query) return { where: 'e.id = $1', values: [query.eventId] };
  if ('subject' in query)
    return {
      where: `e.subject = $1 and e.action = $2 and e.outcome = 'accepted'`,
      values: [query.subject, query.action],
    };
  return {
    where: `e.action in ('issue-certificate', 'import-certificate') and e.outcome = 'accepted' and e.subject =
      (select 'certificate:' || c.authority_id || '/' || encode(c.serial_number, 'hex') from certificate c where c.sha256 = $1)`,
    values: [query.certificateSha256],
  };
}

export async function insertLevel(tx: Transaction, { level, start, hashes }: GrownLevel): Promise<void> {
  await pg(tx).execute({
    name: 'audit-append-nodes',
    text: `insert into audit_node (level, node_index, hash)
      select $1::smallint, $2::bigint + n, substring($3::bytea from (n * 32 + 1)::int for 32)
      from generate_series(0, $4::bigint - 1) n`,
    values: [level, start, hashes, hashes.length / 32],
  });
}

/** From the size that the caller has seen and holds the lock of. */
export async function advanceTree(tx: Transaction, size: number, count: number): Promise<void> {
  const advanced = await pg(tx).execute({
    name: 'audit-advance',
    text: 'update audit_tree set size = size + $2::bigint where size = $1::bigint',
    values: [size, count],
  });
  if (advanced !== 1)
    throw new DbError('log-damaged', 'the tree of the log is not of the size that was read');
}

export function recordedEventOf(row: AuditEventRow): RecordedEvent {
  return {
    id: Number(row.id),
    at: row.at,
    actor: {
      kind: row.actor_kind,
      id: row.actor_id,
      ...(row.office_id !== null && { officeId: row.office_id }),
    },
    action: row.action,
    outcome: row.outcome,
    subject: row.subject,
    ...(row.refusal_code !== null && { refusalCode: row.refusal_code }),
    details: row.details,
  };
}

function sequencedEventOf(row: LeafRow): SequencedEvent {
  return {
    leafIndex: Number(row.leaf_index),
    event: recordedEventOf(row),
    commitment: row.commitment,
    leafHash: row.leaf_hash,
  };
}
