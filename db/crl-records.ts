import type { Database } from './database.ts';

/** A CRL's row as it stands. */
export interface CrlRecordRow {
  authorityId: string;
  scope: string;
  crlNumber: number;
  thisUpdate: Date;
  nextUpdate: Date;
  lastChangeNumber: number;
  /** Of the whole CRL. */
  octets: number;
  /** Whether it is the newest of its scope. */
  isNewest: boolean;
  sha256: Buffer;
  /** Of a delta: the complete CRL that it builds on. */
  base?: { crlNumber: number; lastChangeNumber: number };
}

interface CrlRow {
  authority_id: string;
  scope: string;
  crl_number: string;
  this_update: Date;
  next_update: Date;
  last_change_number: string;
  octets: string;
  is_newest: boolean;
  sha256: Buffer;
  bases: { crlNumber: number; lastChangeNumber: number }[] | null;
}

const CRL_COLUMNS =
  'c.authority_id, c.scope, c.crl_number, c.this_update, c.next_update, c.last_change_number, c.octets, c.sha256, c.bases';

/** Every CRL that was ever issued, for who checks them. */
export async function readCrlRecords(database: Database): Promise<CrlRecordRow[]> {
  const rows = await database.query<CrlRow>({
    text: `select ${CRL_COLUMNS},
        row_number() over (partition by c.authority_id, c.scope order by c.crl_number desc) = 1 as is_newest
      from crl c order by c.authority_id, c.scope, c.crl_number`,
  });
  return rows.map((row) => ({
    authorityId: row.authority_id,
    scope: row.scope,
    crlNumber: Number(row.crl_number),
    thisUpdate: row.this_update,
    nextUpdate: row.next_update,
    lastChangeNumber: Number(row.last_change_number),
    octets: Number(row.octets),
    isNewest: row.is_newest,
    sha256: row.sha256,
    ...(row.bases?.[0] && { base: row.bases[0] }),
  }));
}
