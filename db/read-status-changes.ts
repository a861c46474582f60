import type { StatusChange } from '../pki/certificate-status.ts';
import type { Database } from './database.ts';
import { STATUS_CHANGE_COLUMNS, statusChangeOf } from './status-change-row.ts';
import type { StatusChangeRow } from './status-change-row.ts';

/** All changes of one certificate, oldest first; empty when it was never issued. */
export async function readStatusChanges(
  database: Database,
  authorityId: string,
  serialNumber: Buffer,
): Promise<StatusChange[]> {
  const rows = await database.query<StatusChangeRow>({
    name: 'status-changes-of',
    text: `select ${STATUS_CHANGE_COLUMNS} from status_change s
      where s.authority_id = $1 and s.serial_number = $2 order by s.change_number`,
    values: [authorityId, serialNumber],
  });
  return rows.map(statusChangeOf);
}
