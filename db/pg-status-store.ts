import type { NewStatusChange, StatusStore } from '../ca/status/status-store.ts';
import type { Transaction } from '../core/transaction.ts';
import type { StatusChange } from '../pki/certificate-status.ts';
import { pg } from './pg-transaction.ts';
import { STATUS_CHANGE_COLUMNS, statusChangeOf } from './status-change-row.ts';
import type { StatusChangeRow } from './status-change-row.ts';

export class PgStatusStore implements StatusStore {
  async lockAndRead(tx: Transaction, authorityId: string, serialNumber: Buffer): Promise<StatusChange[]> {
    await pg(tx).execute({
      name: 'status-lock',
      text: 'select last_change_number from status_counter for update',
    });
    const rows = await pg(tx).query<StatusChangeRow>({
      name: 'status-history',
      text: `select ${STATUS_CHANGE_COLUMNS} from status_change s
        where s.authority_id = $1 and s.serial_number = $2 order by s.change_number`,
      values: [authorityId, serialNumber],
    });
    return rows.map(statusChangeOf);
  }

  async append(tx: Transaction, change: NewStatusChange): Promise<StatusChange> {
    const [row] = await pg(tx).query<StatusChangeRow>({
      name: 'status-append',
      text: `with counter as (
          update status_counter set last_change_number = last_change_number + 1 returning last_change_number)
        insert into status_change as s (change_number, authority_id, serial_number, event, effective_at, reason,
          invalidity_date, requested_by)
        select last_change_number, $1, $2, $3, $4, $5, $6, $7 from counter
        returning ${STATUS_CHANGE_COLUMNS}`,
      values: [
        change.authorityId,
        change.serialNumber,
        change.event,
        change.effectiveAt,
        change.reason ?? null,
        change.invalidityDate ?? null,
        change.requestedBy,
      ],
    });
    return statusChangeOf(row);
  }
}
