import type { Database } from './database.ts';

/** Which CRL, in the words of its row. */
export interface CrlKey {
  authorityId: string;
  scope: string;
  crlNumber: number;
}

/** Chunks that are fetched at once: at most a megabyte where they are as the entries come. */
const CHUNKS_AT_ONCE = 16;

/** The octets of a CRL, in parts and in their order; empty when they were pruned. */
export async function readCrlParts(
  database: Database,
  { authorityId, scope, crlNumber }: CrlKey,
): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for (;;) {
    const rows = await database.query<{ octets: Buffer }>({
      name: 'crl-parts',
      text: `select c.octets from crl_part p join crl_chunk c on c.sha256 = p.chunk
        where p.authority_id = $1 and p.scope = $2 and p.crl_number = $3 and p.position >= $4
        order by p.position limit ${CHUNKS_AT_ONCE}`,
      values: [authorityId, scope, crlNumber, parts.length],
    });
    for (const { octets } of rows) parts.push(octets);
    if (rows.length < CHUNKS_AT_ONCE) return parts;
  }
}
