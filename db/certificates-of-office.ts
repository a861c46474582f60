import type { CertificateId } from '../ca/status/status-store.ts';
import type { Database } from './database.ts';

interface Row {
  application_id: string;
  authority_id: string;
  serial_number: Buffer;
}

const FIRST = '00000000-0000-0000-0000-000000000000';

/** All certificates of an office's applications, page by page: whatever their number, memory stays flat. */
export async function* certificatesOfOffice(
  database: Database,
  officeId: string,
  pageRows: number,
): AsyncGenerator<CertificateId[]> {
  let after = FIRST;
  for (;;) {
    const rows: Row[] = await database.query<Row>({
      name: 'certificates-of-office',
      text: `select a.id as application_id, c.authority_id, c.serial_number
        from application a
        join certificate c on c.origin = 'application:' || a.id
        where a.office_id = $1 and a.id > $2
        order by a.id limit $3`,
      values: [officeId, after, pageRows],
    });
    if (rows.length > 0)
      yield rows.map((row) => ({ authorityId: row.authority_id, serialNumber: row.serial_number }));
    if (rows.length < pageRows) return;
    after = rows[rows.length - 1].application_id;
  }
}
