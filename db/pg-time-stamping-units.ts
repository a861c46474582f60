import type {
  TimeStampingUnitRecord,
  TimeStampingUnitStore,
} from '../ca/authority/time-stamping-unit-store.ts';
import type { Transaction } from '../core/transaction.ts';
import { pg } from './pg-transaction.ts';

interface UnitRow {
  authority_id: string;
  certificate: Buffer;
  key_reference: string;
  not_before: Date;
  not_after: Date;
}

export class PgTimeStampingUnits implements TimeStampingUnitStore {
  async insert(tx: Transaction, unit: TimeStampingUnitRecord): Promise<void> {
    await pg(tx).execute({
      text: `insert into time_stamping_unit (authority_id, certificate, key_reference, not_before, not_after)
        values ($1, $2, $3, $4, $5)`,
      values: [unit.authorityId, unit.certificate, unit.keyReference, unit.notBefore, unit.notAfter],
    });
  }

  async list(tx: Transaction, now: Date): Promise<TimeStampingUnitRecord[]> {
    const rows = await pg(tx).query<UnitRow>({
      text: `select authority_id, certificate, key_reference, not_before, not_after from time_stamping_unit u
        where not_after > $1 and coalesce((select s.event from certificate c
            join status_change s on s.authority_id = c.authority_id and s.serial_number = c.serial_number
            where c.sha256 = sha256(u.certificate) order by s.change_number desc limit 1), 'issued')
          in ('issued', 'released')
        order by not_before desc`,
      values: [now],
    });
    return rows.map((row) => ({
      authorityId: row.authority_id,
      certificate: row.certificate,
      keyReference: row.key_reference,
      notBefore: row.not_before,
      notAfter: row.not_after,
    }));
  }
}
