import type {
  CertificateId,
  NewStatusChange,
  StatusBatchStore,
  StatusStore,
} from '../ca/status/status-store.ts';
import type { Transaction } from '../core/transaction.ts';
import type { StatusChange } from '../pki/certificate-status.ts';
import { byteaArray, textArray, timestampArray } from './binary-array.ts';
import { pg } from './pg-transaction.ts';
import { STATUS_CHANGE_COLUMNS, statusChangeOf } from './status-change-row.ts';
import type { StatusChangeRow } from './status-change-row.ts';

export class PgStatusStore implements StatusStore, StatusBatchStore {
  async lockAndRead(tx: Transaction, authorityId: string, serialNumber: Buffer): Promise<StatusChange[]> {
    await lockHistory(tx);
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

  async lockAndReadLast(tx: Transaction, certificates: readonly CertificateId[]): Promise<StatusChange[]> {
    await lockHistory(tx);
    const rows = await pg(tx).query<StatusChangeRow>({
      name: 'status-last-of-all',
      text: `select ${STATUS_CHANGE_COLUMNS}
        from unnest($1::text[], $2::bytea[]) as c (authority_id, serial_number)
        cross join lateral (select * from status_change h
          where h.authority_id = c.authority_id and h.serial_number = c.serial_number
          order by h.change_number desc limit 1) s`,
      values: [
        textArray(certificates.map(({ authorityId }) => authorityId)),
        byteaArray(certificates.map(({ serialNumber }) => serialNumber)),
      ],
    });
    return rows.map(statusChangeOf);
  }

  async appendAll(tx: Transaction, changes: readonly NewStatusChange[]): Promise<StatusChange[]> {
    if (changes.length === 0) return [];
    const [{ last_change_number: last }] = await pg(tx).query<{ last_change_number: string }>({
      name: 'status-advance',
      text: 'update status_counter set last_change_number = last_change_number + $1 returning last_change_number',
      values: [changes.length],
    });
    const before = Number(last) - changes.length;
    await pg(tx).execute({
      name: 'status-append-all',
      text: `insert into status_change (change_number, authority_id, serial_number, event, effective_at, reason,
          invalidity_date, requested_by)
        select $1::bigint + c.n, c.authority_id, c.serial_number, c.event, c.effective_at, c.reason, c.invalidity_date,
          c.requested_by
        from unnest($2::text[], $3::bytea[], $4::text[], $5::timestamptz[], $6::text[], $7::timestamptz[], $8::text[])
          with ordinality
          as c (authority_id, serial_number, event, effective_at, reason, invalidity_date, requested_by, n)
        order by c.n`,
      values: [
        before,
        textArray(changes.map(({ authorityId }) => authorityId)),
        byteaArray(changes.map(({ serialNumber }) => serialNumber)),
        textArray(changes.map(({ event }) => event)),
        timestampArray(changes.map(({ effectiveAt }) => effectiveAt)),
        textArray(changes.map(({ reason }) => reason ?? null)),
        timestampArray(changes.map(({ invalidityDate }) => invalidityDate ?? null)),
        textArray(changes.map(({ requestedBy }) => requestedBy)),
      ],
    });
    return changes.map(({ requestedBy: _requestedBy, ...change }, index) => ({
      ...change,
      changeNumber: before + index + 1,
    }));
  }
}

async function lockHistory(tx: Transaction): Promise<void> {
  await pg(tx).execute({
    name: 'status-lock',
    text: 'select last_change_number from status_counter for update',
  });
}
