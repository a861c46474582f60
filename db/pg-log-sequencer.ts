import type { RecordedEvent } from '../audit/log-leaf.ts';
import type { GrownLevel } from '../audit/merkle/grow-tree.ts';
import type { HashSource } from '../audit/merkle/hash-source.ts';
import type { NewLeaf, SequencerStore } from '../audit/transparency-store.ts';
import type { Transaction } from '../core/transaction.ts';
import { EVENT_COLUMNS, recordedEventOf } from './audit-event-row.ts';
import type { AuditEventRow } from './audit-event-row.ts';
import { byteaArray, textArray } from './binary-array.ts';
import { DbError } from './db-error.ts';
import { pg } from './pg-transaction.ts';
import { readHashes } from './read-hashes.ts';

/**
 * Until the transaction ends, what is asked for by its key is looked up by it. A plan that PostgreSQL has made while the log was
 * short walks through all events, and is kept while the log grows.
 */
const BY_KEY = `set_config('enable_seqscan', 'off', true)`;

export class PgLogSequencer implements SequencerStore {
  async tryLead(tx: Transaction): Promise<boolean> {
    const [{ leads }] = await pg(tx).query<{ leads: boolean }>({
      name: 'audit-lead',
      text: `select pg_try_advisory_xact_lock(hashtextextended('audit-sequencer', 0)) as leads, ${BY_KEY}`,
    });
    return leads;
  }

  async lead(tx: Transaction): Promise<void> {
    await pg(tx).execute({
      text: `select pg_advisory_xact_lock(hashtextextended('audit-sequencer', 0)), ${BY_KEY}`,
    });
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
      // Joined, PostgreSQL may walk through all events from the first one on.
      text: `select ${EVENT_COLUMNS} from audit_event e
        where e.id = any(array(select event_id from audit_unsequenced order by event_id limit $1)) order by e.id`,
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
