import type { Database } from './database.ts';

/**
 * Whether a certificate of an authority that has not expired at `now` contains an address, or one that begins so. Reads them
 * all where none does: for a start, not for a request.
 */
export async function isAddressInForce(
  database: Database,
  { authorityId, address, now }: { authorityId: string; address: string; now: Date },
): Promise<boolean> {
  const [{ found }] = await database.query<{ found: boolean }>({
    text: `select exists (select from certificate
      where authority_id = $1 and not_after >= $2 and position($3::bytea in der) > 0) as found`,
    values: [authorityId, now, Buffer.from(address, 'latin1')],
  });
  return found;
}
