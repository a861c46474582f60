import type { CertificateId } from '../ca/status/status-store.ts';
import { JOIN_CERTIFICATES_OF_APPLICATION } from './certificate-origin.ts';
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
        from (select id from application where office_id = $1 and id > $2 order by id limit $3) a
        left ${JOIN_CERTIFICATES_OF_APPLICATION}
        order by a.id`,
      values: [officeId, after, pageRows],
    });
    // An application has one certificate, none, or some that were renewed.
    const certificates = rows.flatMap(({ authority_id: authorityId, serial_number: serialNumber }) =>
      authorityId !== null && serialNumber !== null ? [{ authorityId, serialNumber }] : [],
    );
    if (certificates.length > 0) yield certificates;
    if (new Set(rows.map(({ application_id }) => application_id)).size < pageRows) return;
    after = rows[rows.length - 1].application_id;
  }
}
