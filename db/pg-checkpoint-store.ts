import type { CheckpointStore, StoredCheckpoint, StoredCosignature } from '../audit/transparency-store.ts';
import type { Transaction } from '../core/transaction.ts';
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

  async #checkpoint(which: string, values: unknown[]): Promise<StoredCheckpoint | undefined> {
    const [row] = await this.#database.query<CheckpointRow>({
      text: `select ${CHECKPOINT_COLUMNS} from audit_checkpoint c ${which} limit 1`,
      values,
    });
    if (!(row as CheckpointRow | undefined)) return undefined;
    return { size: Number(row.tree_size), root: row.root_hash, note: row.note, signedAt: row.signed_at };
  }
}
