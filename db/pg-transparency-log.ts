import type {
  EventArchive,
  EventQuery,
  FoundEvent,
  LeafQuery,
  LogFigures,
  SequencedEvent,
  TransparencyStore,
} from '../audit/transparency-store.ts';
import { EVENT_COLUMNS, recordedEventOf, sequencedEventOf } from './audit-event-row.ts';
import type { AuditEventRow, LeafRow } from './audit-event-row.ts';
import type { Database } from './database.ts';
import { PgCheckpointStore } from './pg-checkpoint-store.ts';
import { readHashes } from './read-hashes.ts';

/** From one on, at most so many. With the limit, PostgreSQL looks each up by its key even where it has no statistics yet. */
const SOME_LEAVES = `(select leaf_index, event_id, commitment, leaf_hash from audit_leaf
  where leaf_index >= $1 and leaf_index < $1::bigint + $2::bigint order by leaf_index limit $2::bigint)`;

/** The log for who reads it: its tree, its events and what was signed of them. */
export class PgTransparencyLog extends PgCheckpointStore implements TransparencyStore, EventArchive {
  readonly #database: Database;

  constructor(database: Database) {
    super(database);
    this.#database = database;
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
        from ${SOME_LEAVES} l join audit_event e on e.id = l.event_id order by l.leaf_index`,
      values: [start, count],
    });
    return rows.map(sequencedEventOf);
  }

  /** Certificates that were issued by the events of some leaves, DER, in the leaves' order. */
  async certificatesOf(start: number, count: number): Promise<Buffer[]> {
    const rows = await this.#database.query<{ der: Buffer }>({
      name: 'audit-certificates-of',
      text: `select c.der from ${SOME_LEAVES} l join audit_event e on e.id = l.event_id
        join certificate c on c.sha256 = decode(e.details->>'sha256', 'hex')
        where e.action in ('issue-certificate', 'import-certificate') order by l.leaf_index`,
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
