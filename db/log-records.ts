import type { RecordedEvent } from '../audit/log-leaf.ts';
import type { StoredCheckpoint } from '../audit/transparency-store.ts';
import type { Database } from './database.ts';
import { EVENT_COLUMNS, recordedEventOf } from './audit-event-row.ts';
import type { AuditEventRow } from './audit-event-row.ts';

/** A leaf as it stands, beside what it should be of. */
export interface LeafRecordRow {
  leafIndex: number;
  eventId: number;
  commitment: Buffer;
  leafHash: Buffer;
  /** Absent: erased, as is on record, or gone. */
  salt?: Buffer;
  isErased: boolean;
  /** Absent: gone. */
  event?: RecordedEvent;
}

/** A checkpoint as it is recorded, with what others say of it. */
export interface StatedCheckpoint {
  size: number;
  root: Buffer;
  note: string;
  /** RFC 3161. */
  token?: Buffer;
  cosignatures: { witness: string; line: string }[];
}

/** Questions about events and what they tell of; each answers with subjects. */
const QUESTIONS = {
  /** Put there past the trigger that notes what has to be sequenced. */
  eventsWithoutLeaf: `select 'event:' || e.id as subject from audit_event e
    where not exists (select from audit_leaf l where l.event_id = e.id)
      and not exists (select from audit_unsequenced u where u.event_id = e.id) order by e.id`,
  waitingWithoutEvent: `select 'event:' || u.event_id as subject from audit_unsequenced u
    where not exists (select from audit_event e where e.id = u.event_id) order by u.event_id`,
  changesThatAreNot: `select 'event:' || e.id as subject from audit_event e
    where e.outcome = 'accepted' and e.details ? 'changeNumber'
      and e.action in ('issue-certificate', 'import-certificate', 'hold-certificate', 'release-certificate', 'revoke-certificate')
      and not exists (select from status_change s
        where s.change_number = (e.details->>'changeNumber')::bigint
          and e.subject = 'certificate:' || s.authority_id || '/' || encode(s.serial_number, 'hex')
          and s.event = case e.action when 'hold-certificate' then 'held' when 'release-certificate' then 'released'
            when 'revoke-certificate' then 'revoked' else 'issued' end
          and (e.details->>'effectiveAt' is null or s.effective_at = (e.details->>'effectiveAt')::timestamptz)
          and (not e.details ? 'requestedBy' or s.requested_by = e.details->>'requestedBy')
          and (not e.details ? 'reason' or s.reason is not distinct from e.details->>'reason')
          and (e.details->>'effectiveAt' is null
            or s.invalidity_date is not distinct from (e.details->>'invalidityDate')::timestamptz))
    order by e.id`,
  /** What others have said of a checkpoint that is not there: their word is kept longest. */
  statementsOfNoCheckpoint: `select distinct 'checkpoint:' || s.tree_size as subject from (
      select tree_size from audit_checkpoint_stamp union all select tree_size from audit_cosignature) s
    where not exists (select from audit_checkpoint c where c.tree_size = s.tree_size)`,
  issuancesThatAreNot: `select 'event:' || e.id as subject from audit_event e
    where e.outcome = 'accepted' and e.action in ('issue-certificate', 'import-certificate') and e.subject like 'certificate:%'
      and not exists (select from certificate c where c.sha256 = decode(e.details->>'sha256', 'hex')
        and e.subject = 'certificate:' || c.authority_id || '/' || encode(c.serial_number, 'hex'))
    order by e.id`,
} as const;

export type LogQuestion = keyof typeof QUESTIONS;

/** Reads the tables of the transparency log as they are, for who checks them. */
export class LogRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The leaves before `end` in pages, in the order of their indexes; the next page is on its way while one is looked at. */
  async *leaves(pageRows: number, end: number): AsyncGenerator<LeafRecordRow[]> {
    let reading = this.#leafRows(0, end, pageRows);
    for (;;) {
      const rows = await reading;
      const isLast = rows.length < pageRows;
      if (!isLast) {
        reading = this.#leafRows(Number(rows[rows.length - 1].leaf_index) + 1, end, pageRows);
        // Whoever stops looking does not hear of it.
        reading.catch(() => undefined);
      }
      if (rows.length > 0) yield rows.map(leafOf);
      if (isLast) return;
    }
  }

  /** How far the leaves go, and how far they have to go; at any moment both are the same. Without a size: nothing says it. */
  async extent(): Promise<{ leaves: number; size?: number }> {
    const rows = await this.#database.query<{ leaves: string; size: string | null }>({
      text: `select coalesce((select max(leaf_index) + 1 from audit_leaf), 0) as leaves, 
          (select case count(*) when 1 then min(size) end from audit_tree) as size`,
    });
    const [{ leaves, size }] = rows;
    return { leaves: Number(leaves), ...(size !== null && { size: Number(size) }) };
  }

  /** Stored hashes above the leaves, by level and index; some thousands of a million leaves. */
  async nodes(): Promise<Map<string, Buffer>> {
    const rows = await this.#database.query<{ level: number; node_index: string; hash: Buffer }>({
      text: 'select level, node_index, hash from audit_node',
    });
    return new Map(rows.map(({ level, node_index: index, hash }) => [`${level}/${index}`, hash]));
  }

  async *checkpoints(pageRows: number): AsyncGenerator<StoredCheckpoint[]> {
    let after = -1;
    for (;;) {
      const rows: CheckpointRow[] = await this.#database.query<CheckpointRow>({
        name: 'records-checkpoints',
        text: `select tree_size, root_hash, note, signed_at from audit_checkpoint
          where tree_size > $1 order by tree_size limit $2`,
        values: [after, pageRows],
      });
      if (rows.length > 0)
        yield rows.map((row) => ({
          size: Number(row.tree_size),
          root: row.root_hash,
          note: row.note,
          signedAt: row.signed_at,
        }));
      if (rows.length < pageRows) return;
      after = Number(rows[rows.length - 1].tree_size);
    }
  }

  async *statements(pageRows: number): AsyncGenerator<StatedCheckpoint[]> {
    for (let after = -1; ;) {
      const rows = await this.#database.query<
        CheckpointRow & { token: Buffer | null; cosignatures: StatedCheckpoint['cosignatures'] }
      >({
        name: 'records-statements',
        text: `select c.tree_size, c.root_hash, c.note, c.signed_at, s.token,
            coalesce((select json_agg(json_build_object('witness', k.witness, 'line', k.line) order by k.witness)
              from audit_cosignature k where k.tree_size = c.tree_size), '[]') as cosignatures
          from audit_checkpoint c left join audit_checkpoint_stamp s on s.tree_size = c.tree_size
          where c.tree_size > $1 order by c.tree_size limit $2`,
        values: [after, pageRows],
      });
      if (rows.length > 0)
        yield rows.map(({ tree_size: size, root_hash: root, note, token, cosignatures }) => ({
          size: Number(size),
          root,
          note,
          ...(token && { token }),
          cosignatures,
        }));
      if (rows.length < pageRows) return;
      after = Number(rows[rows.length - 1].tree_size);
    }
  }

  /** Verifier keys of the log, retired ones among them. */
  async keys(): Promise<string[]> {
    const rows = await this.#database.query<{ note_key: string }>({
      text: 'select note_key from audit_log_key',
    });
    return rows.map(({ note_key: noteKey }) => noteKey);
  }

  #leafRows(start: number, end: number, limit: number): Promise<LeafRow[]> {
    return this.#database.query<LeafRow>({
      name: 'records-leaves',
      text: `select l.leaf_index, l.event_id, l.commitment, l.leaf_hash, s.salt, x.event_id is not null as is_erased,
          ${EVENT_COLUMNS}
        from audit_leaf l
        left join audit_event e on e.id = l.event_id
        left join audit_salt s on s.event_id = l.event_id
        left join audit_salt_erasure x on x.event_id = l.event_id
        where l.leaf_index >= $1 and l.leaf_index < $2 order by l.leaf_index limit $3`,
      values: [start, end, limit],
    });
  }

  async subjects(question: LogQuestion): Promise<string[]> {
    const rows = await this.#database.query<{ subject: string }>({ text: QUESTIONS[question] });
    return rows.map(({ subject }) => subject);
  }
}

type LeafRow = { [Column in keyof AuditEventRow]: AuditEventRow[Column] | null } & {
  leaf_index: string;
  event_id: string;
  commitment: Buffer;
  leaf_hash: Buffer;
  salt: Buffer | null;
  is_erased: boolean;
};

interface CheckpointRow {
  tree_size: string;
  root_hash: Buffer;
  note: string;
  signed_at: Date;
}

function leafOf(row: LeafRow): LeafRecordRow {
  return {
    leafIndex: Number(row.leaf_index),
    eventId: Number(row.event_id),
    commitment: row.commitment,
    leafHash: row.leaf_hash,
    ...(row.salt && { salt: row.salt }),
    isErased: row.is_erased,
    ...(row.id !== null && { event: recordedEventOf(row as AuditEventRow) }),
  };
}
