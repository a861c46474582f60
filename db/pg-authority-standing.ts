import type { CertificateId } from '../ca/status/status-store.ts';
import { byteaArray, textArray } from './binary-array.ts';
import type { Database } from './database.ts';

/** Those of the certificates, by their place in the list, that are revoked or held now. */
export async function endedAmong(
  database: Database,
  certificates: readonly CertificateId[],
): Promise<number[]> {
  const rows = await database.query<{ place: number }>({
    name: 'certificates-ended-among',
    text: `select (c.n - 1)::int as place
      from unnest($1::text[], $2::bytea[]) with ordinality as c (authority_id, serial_number, n)
      cross join lateral (select h.event from status_change h
        where h.authority_id = c.authority_id and h.serial_number = c.serial_number
        order by h.change_number desc limit 1) s
      where s.event in ('revoked', 'held')`,
    values: [
      textArray(certificates.map(({ authorityId }) => authorityId)),
      byteaArray(certificates.map(({ serialNumber }) => serialNumber)),
    ],
  });
  return rows.map(({ place }) => place);
}
