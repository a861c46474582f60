import type { CertificateId } from '../ca/status/status-store.ts';
import { JOIN_CERTIFICATES_OF_APPLICATION } from './certificate-origin.ts';
import type { Database } from './database.ts';

interface Row {
  application_id: string;
  authority_id: string | null;
  serial_number: Buffer | null;
}

const FIRST = '00000000-0000-0000-0000-000000000000';
/** Ids of campaign applications lie before it, those that were filed one by one behind (`ca/campaign/request-origin.ts`). */
const FIRST_OF_ONE_BY_ONE = '00010000-0000-0000-0000-000000000000';

/** All certificates of an office's applications, page by page: whatever their number, memory stays flat. */
export function certificatesOfOffice(database: Database, officeId: string, pageRows: number) {
  return pages(database, {
    name: 'certificates-of-office',
    where: 'a.office_id = $1',
    value: officeId,
    pageRows,
  });
}

/** All certificates that the runs of one campaign issued, likewise. */
export function certificatesOfCampaign(database: Database, campaign: string, pageRows: number) {
  const where = `a.decision_note = $1 and a.id < '${FIRST_OF_ONE_BY_ONE}'`;
  return pages(database, {
    name: 'certificates-of-campaign',
    where,
    value: `campaign ${campaign}`,
    pageRows,
  });
}

async function* pages(
  database: Database,
  { name, where, value, pageRows }: { name: string; where: string; value: string; pageRows: number },
): AsyncGenerator<CertificateId[]> {
  let after = FIRST;
  for (;;) {
    const rows: Row[] = await database.query<Row>({
      name,
      text: `select a.id as application_id, c.authority_id, c.serial_number
        from (select a.id from application a where ${where} and a.id > $2 order by a.id limit $3) a
        left ${JOIN_CERTIFICATES_OF_APPLICATION}
        order by a.id`,
      values: [value, after, pageRows],
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
