import type { CrlScope } from '../ca/crl/crl-scope.ts';
import type { CrlBase, CrlHead, CrlStore, IssuedCrl } from '../ca/crl/crl-store.ts';
import { DomainError, errorCode } from '../core/errors.ts';
import type { Transaction } from '../core/transaction.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

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

export class PgCrlStore implements CrlStore {
  readonly #database: Database;

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

  async publish(tx: Transaction, crl: IssuedCrl): Promise<void> {
    try {
      await pg(tx).execute({
        name: 'crl-publish',
        text: `insert into crl (${HEAD_COLUMNS}, der) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        values: [
          crl.scope.authorityId,
          scopeText(crl.scope),
          crl.crlNumber,
          crl.thisUpdate,
          crl.nextUpdate,
          crl.lastChangeNumber,
          crl.bases ? JSON.stringify(crl.bases) : null,
          Buffer.concat(crl.der),
        ],
      });
    } catch (error) {
      if (errorCode(error) !== '23505') throw error;
      throw new DomainError('crl-number-taken', `CRL number ${crl.crlNumber} is taken or passed`, {
        cause: error,
      });
    }
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
    const [row] = await this.#database.query<HeadRow & { der: Buffer }>({
      name: 'crl-current',
      text: `select ${HEAD_COLUMNS}, der from crl where authority_id = $1 and scope = $2
        order by crl_number desc limit 1`,
      values: [scope.authorityId, scopeText(scope)],
    });
    return row && { ...headOf(row), der: [row.der] };
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
