import type { CrlScope } from '../ca/crl/crl-scope.ts';
import type { CrlBase, CrlHead, CrlPruning, CrlStore, IssuedCrl } from '../ca/crl/crl-store.ts';
import { DomainError, errorCode } from '../core/errors.ts';
import type { Transaction } from '../core/transaction.ts';
import { byteaArray } from './binary-array.ts';
import { chunksOf } from './crl-chunks.ts';
import type { ChunkedCrl, CrlChunk } from './crl-chunks.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';
import { RepeatTransaction } from './repeat-transaction.ts';
import { readCrlParts } from './read-crl-parts.ts';

interface HeadRow {
  authority_id: string;
  scope: string;
  crl_number: string;
  this_update: Date;
  next_update: Date;
  last_change_number: string;
  bases: StoredBase[] | null;
}

/** A base as it stands in jsonb. */
type StoredBase = Omit<CrlBase, 'thisUpdate'> & { thisUpdate: string };

const HEAD_COLUMNS = 'authority_id, scope, crl_number, this_update, next_update, last_change_number, bases';

/** Chunks that are written in one transaction: about a megabyte, so that nobody waits long for the embedded connection. */
const CHUNKS_AT_ONCE = 16;

export class PgCrlStore implements CrlStore {
  readonly #database: Database;
  /** What `store` has cut and hashed, for the `publish` that follows it. */
  readonly #chunkedCrls = new WeakMap<IssuedCrl['der'], Promise<ChunkedCrl>>();

  constructor(database: Database) {
    this.#database = database;
  }

  async allocateNumber(tx: Transaction, authorityId: string, series: string): Promise<number> {
    const [row] = await pg(tx).query<{ last_number: string }>({
      name: 'crl-allocate-number',
      text: `insert into crl_number_series as s (authority_id, series, last_number) values ($1, $2, 1)
        on conflict (authority_id, series) do update set last_number = s.last_number + 1 returning last_number`,
      values: [authorityId, series],
    });
    return Number(row.last_number);
  }

  async store({ der }: Pick<IssuedCrl, 'der'>): Promise<void> {
    const missing = await missingChunks(this.#database, await this.#chunked(der));
    for (let at = 0; at < missing.length; at += CHUNKS_AT_ONCE) {
      await this.#database.transaction(async (tx) => {
        // Whoever dies here loses octets that nobody names; the transaction that names them waits for the disk.
        await pg(tx).execute({ text: 'set local synchronous_commit to off' });
        for (const chunk of missing.slice(at, at + CHUNKS_AT_ONCE)) await insertChunk(tx, chunk);
      });
    }
  }

  async publish(tx: Transaction, crl: IssuedCrl): Promise<void> {
    const chunked = await this.#chunked(crl.der);
    for (const chunk of await missingChunks(pg(tx), chunked)) await insertChunk(tx, chunk);
    await insertHead(tx, crl, chunked);
    try {
      await pg(tx).execute({
        name: 'crl-insert-parts',
        text: `insert into crl_part (authority_id, scope, crl_number, position, chunk)
          select $1, $2, $3, n - 1, chunk from unnest($4::bytea[]) with ordinality as c (chunk, n)`,
        values: [
          crl.scope.authorityId,
          scopeText(crl.scope),
          crl.crlNumber,
          byteaArray(chunked.chunks.map(({ sha256 }) => sha256)),
        ],
      });
    } catch (error) {
      // Another process has just pruned a chunk that nobody named any more; once more, it is missing and put back.
      throw errorCode(error) === '23503' ? new RepeatTransaction(error) : error;
    }
  }

  async prune(tx: Transaction, { supersededBefore, archivedSince }: CrlPruning): Promise<number> {
    const pruned = await pg(tx).query<{ crls: number }>({
      name: 'crl-prune-parts',
      text: `with kept as (
          select c.authority_id, c.scope, c.crl_number, c.this_update,
            lead(c.this_update) over (partition by c.authority_id, c.scope order by c.crl_number) as superseded_at
          from crl c join crl_part p on p.authority_id = c.authority_id and p.scope = c.scope
            and p.crl_number = c.crl_number and p.position = 0),
        gone as (
          delete from crl_part p using kept k
          where p.authority_id = k.authority_id and p.scope = k.scope and p.crl_number = k.crl_number
            and k.superseded_at < $1
            and (k.this_update < $2
              or (k.superseded_at at time zone 'UTC')::date = (k.this_update at time zone 'UTC')::date)
          returning p.position)
        select count(*)::int as crls from gone where position = 0`,
      values: [supersededBefore, archivedSince],
    });
    await this.#pruneChunks(tx);
    return pruned[0].crls;
  }

  /**
   * Another process may be publishing a CRL of the same chunks: it is waited for, and then asked what is in use. Reading goes on meanwhile.
   */
  async #pruneChunks(tx: Transaction): Promise<void> {
    await pg(tx).execute({ text: 'lock table crl_chunk in exclusive mode' });
    await pg(tx).execute({
      name: 'crl-prune-chunks',
      text: 'delete from crl_chunk c where not exists (select from crl_part p where p.chunk = c.sha256)',
    });
  }

  async heads(): Promise<CrlHead[]> {
    const rows = await this.#database.query<HeadRow>({
      name: 'crl-heads',
      text: `select distinct on (authority_id, scope) ${HEAD_COLUMNS} from crl
        order by authority_id, scope, crl_number desc`,
    });
    return rows.map(headOf);
  }

  async current(scope: CrlScope): Promise<IssuedCrl | undefined> {
    // What was pruned between the two reads has a successor by then.
    return (await this.#current(scope)) ?? (await this.#current(scope));
  }

  async #current(scope: CrlScope): Promise<IssuedCrl | undefined> {
    const { authorityId } = scope;
    const [row] = await this.#database.query<HeadRow>({
      name: 'crl-current',
      text: `select ${HEAD_COLUMNS} from crl where authority_id = $1 and scope = $2
        order by crl_number desc limit 1`,
      values: [authorityId, scopeText(scope)],
    });
    if (!row) return undefined;
    const head = headOf(row);
    const key = { authorityId, scope: row.scope, crlNumber: head.crlNumber };
    const der = await readCrlParts(this.#database, key);
    return der.length > 0 ? { ...head, der } : undefined;
  }

  #chunked(der: IssuedCrl['der']): Promise<ChunkedCrl> {
    const known = this.#chunkedCrls.get(der) ?? chunksOf(der);
    this.#chunkedCrls.set(der, known);
    return known;
  }
}

async function missingChunks(
  connection: Pick<Database, 'query'>,
  { chunks }: ChunkedCrl,
): Promise<CrlChunk[]> {
  const bySha256 = new Map(chunks.map((chunk) => [chunk.sha256.toString('latin1'), chunk]));
  const stored = await connection.query<{ sha256: Buffer }>({
    name: 'crl-stored-chunks',
    text: 'select sha256 from crl_chunk where sha256 = any($1::bytea[])',
    values: [byteaArray(Array.from(bySha256.values(), ({ sha256 }) => sha256))],
  });
  for (const { sha256 } of stored) bySha256.delete(sha256.toString('latin1'));
  return [...bySha256.values()];
}

async function insertChunk(tx: Transaction, { sha256, octets }: CrlChunk): Promise<void> {
  await pg(tx).execute({
    name: 'crl-insert-chunk',
    text: 'insert into crl_chunk (sha256, octets) values ($1, $2) on conflict do nothing',
    values: [sha256, Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)],
  });
}

async function insertHead(tx: Transaction, crl: IssuedCrl, { octets, sha256 }: ChunkedCrl): Promise<void> {
  try {
    await pg(tx).execute({
      name: 'crl-publish',
      text: `insert into crl (${HEAD_COLUMNS}, octets, sha256) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        crl.scope.authorityId,
        scopeText(crl.scope),
        crl.crlNumber,
        crl.thisUpdate,
        crl.nextUpdate,
        crl.lastChangeNumber,
        crl.bases ? JSON.stringify(crl.bases) : null,
        octets,
        sha256,
      ],
    });
  } catch (error) {
    if (errorCode(error) !== '23505') throw error;
    throw new DomainError('crl-number-taken', `CRL number ${crl.crlNumber} is taken or passed`, {
      cause: error,
    });
  }
}

function headOf(row: HeadRow): CrlHead {
  return {
    scope: scopeOf(row.authority_id, row.scope),
    crlNumber: Number(row.crl_number),
    thisUpdate: row.this_update,
    nextUpdate: row.next_update,
    lastChangeNumber: Number(row.last_change_number),
    ...(row.bases && {
      bases: row.bases.map((base) => ({ ...base, thisUpdate: new Date(base.thisUpdate) })),
    }),
  };
}

function scopeText(scope: CrlScope): string {
  return scope.kind === 'shard' ? `shard:${scope.shard}` : scope.kind;
}

function scopeOf(authorityId: string, text: string): CrlScope {
  const [kind, shard] = text.split(':');
  if (kind === 'shard') return { authorityId, kind, shard: Number(shard) };
  return { authorityId, kind: kind === 'delta' ? 'delta' : 'complete' };
}
