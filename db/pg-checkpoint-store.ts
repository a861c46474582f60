import type { CheckpointStore, StoredCheckpoint, StoredCosignature } from '../audit/transparency-store.ts';
import type { Transaction } from '../core/transaction.ts';
import { textArray } from './binary-array.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

const CHECKPOINT_COLUMNS = 'tree_size, root_hash, note, signed_at';
interface CheckpointRow {
  tree_size: string;
  root_hash: Buffer;
  note: string;
  signed_at: Date;
}

export class PgCheckpointStore implements CheckpointStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    return this.#checkpoint('order by tree_size desc', []);
  }

  /** Tells whoever signs checkpoints that somebody waits for one. */
  async askForCheckpoint(): Promise<void> {
    await this.#database.query({ text: `select pg_notify('log_wanted', '')` });
  }

  async checkpointOver(size: number): Promise<StoredCheckpoint | undefined> {
    // Two looks at an index: to order all later ones by whether they are stamped would be to read them.
    return this.#checkpoint(
      `where tree_size = coalesce(
        (select min(s.tree_size) from audit_checkpoint_stamp s where s.tree_size >= $1),
        (select min(n.tree_size) from audit_checkpoint n where n.tree_size >= $1))`,
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

  async stampedSizes(below: number, limit: number): Promise<number[]> {
    const rows = await this.#database.query<{ tree_size: string }>({
      text: 'select tree_size from audit_checkpoint_stamp where tree_size < $1 order by tree_size desc limit $2',
      values: [below, limit],
    });
    return rows.map(({ tree_size: size }) => Number(size));
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
      // From one witness to the next in the index: there are few of them, and many cosignatures.
      text: `with recursive known (witness) as (
          select min(witness) from audit_cosignature
          union all
          select (select min(k.witness) from audit_cosignature k where k.witness > known.witness)
          from known where known.witness is not null)
        select witness, (select max(k.tree_size) from audit_cosignature k where k.witness = known.witness) as size
        from known where witness is not null`,
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

  async checkpointsToPrune(
    above: number,
    signedBefore: Date,
    limit: number,
  ): Promise<{ size: number; note?: string }[]> {
    const rows = await this.#database.query<{ size: string; is_young: boolean; note: string | null }>({
      name: 'audit-checkpoints-to-prune',
      // The newest is left for when there is a newer one.
      text: `select c.tree_size as size, c.signed_at >= least($2, statement_timestamp() - interval '1 day') as is_young,
          case when c.signed_at < $2 and is_checkpoint_prunable(c.tree_size) then c.note end as note
        from audit_checkpoint c
        where c.tree_size > $1 and c.tree_size < (select max(tree_size) from audit_checkpoint)
        order by c.tree_size limit $3`,
      values: [above, signedBefore, limit],
    });
    const firstYoung = rows.findIndex((row) => row.is_young);
    return rows
      .slice(0, firstYoung < 0 ? rows.length : firstYoung)
      .map(({ size, note }) => ({ size: Number(size), ...(note !== null && { note }) }));
  }

  async deleteCheckpoints(tx: Transaction, sizes: readonly number[]): Promise<void> {
    const values = [textArray(sizes.map(String))];
    await pg(tx).execute({
      name: 'audit-delete-cosignatures',
      text: 'delete from audit_cosignature where tree_size = any($1::text[]::bigint[])',
      values,
    });
    await pg(tx).execute({
      name: 'audit-delete-checkpoints',
      text: 'delete from audit_checkpoint where tree_size = any($1::text[]::bigint[])',
      values,
    });
  }

  async fatesOf(sizes: readonly number[], signedBefore: Date): Promise<Map<number, 'stays' | 'waits'>> {
    const rows = await this.#database.query<{ size: string; waits: boolean }>({
      name: 'audit-fates-of-checkpoints',
      text: `select tree_size as size, signed_at >= $2 or is_checkpoint_prunable(tree_size) as waits
        from audit_checkpoint where tree_size = any($1::text[]::bigint[])`,
      values: [textArray(sizes.map(String)), signedBefore],
    });
    return new Map(rows.map(({ size, waits }) => [Number(size), waits ? 'waits' : 'stays']));
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
