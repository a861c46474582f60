import type {
  ServicePurpose,
  ServiceUnitRecord,
  ServiceUnitStore,
} from '../ca/authority/service-unit-store.ts';
import type { Transaction } from '../core/transaction.ts';
import { pg } from './pg-transaction.ts';

interface UnitRow {
  purpose: ServicePurpose;
  authority_id: string;
  certificate: Buffer;
  key_reference: string;
  not_before: Date;
  not_after: Date;
}

export class PgServiceUnits implements ServiceUnitStore {
  async insert(tx: Transaction, unit: ServiceUnitRecord): Promise<void> {
    await pg(tx).execute({
      text: `insert into service_unit (purpose, authority_id, certificate, key_reference, not_before, not_after)
        values ($1, $2, $3, $4, $5, $6)`,
      values: [
        unit.purpose,
        unit.authorityId,
        unit.certificate,
        unit.keyReference,
        unit.notBefore,
        unit.notAfter,
      ],
    });
  }

  async list(tx: Transaction, now: Date, purpose?: ServicePurpose): Promise<ServiceUnitRecord[]> {
    const rows = await pg(tx).query<UnitRow>({
      text: `select purpose, authority_id, certificate, key_reference, not_before, not_after from service_unit u
        where not_after > $1 and ($2::text is null or purpose = $2) and coalesce((select s.event from certificate c
            join status_change s on s.authority_id = c.authority_id and s.serial_number = c.serial_number
            where c.sha256 = sha256(u.certificate) order by s.change_number desc limit 1), 'issued')
          in ('issued', 'released')
        order by not_before desc`,
      values: [now, purpose ?? null],
    });
    return rows.map((row) => ({
      purpose: row.purpose,
      authorityId: row.authority_id,
      certificate: row.certificate,
      keyReference: row.key_reference,
      notBefore: row.not_before,
      notAfter: row.not_after,
    }));
  }
}
