import type { Transaction } from '../core/transaction.ts';
import type {
  OfficerCertificate,
  OfficerCertificateStore,
} from '../ra/officer-certificates/officer-certificate-store.ts';
import type { OfficerId } from '../ra/officer.ts';
import type { OfficerChangeId } from '../ra/offices/officer-change.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface CertificateRow {
  sha256: Buffer;
  authority_id: string;
  serial_number: Buffer;
  der: Buffer;
  not_before: Date;
  not_after: Date;
  is_good: boolean;
}

export class PgOfficerCertificateStore implements OfficerCertificateStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(
    tx: Transaction,
    sha256: Buffer,
    officerId: OfficerId,
    changeId: OfficerChangeId,
  ): Promise<void> {
    await pg(tx).execute({
      text: `insert into officer_certificate (certificate_sha256, officer_id, change_id) values ($1, $2, $3)
        on conflict (certificate_sha256) do nothing`,
      values: [sha256, officerId, changeId],
    });
  }

  async listOf(officerId: OfficerId): Promise<OfficerCertificate[]> {
    const rows = await this.#database.query<CertificateRow>({
      text: `select c.sha256, c.authority_id, c.serial_number, c.der, c.not_before, c.not_after,
          (select s.event from status_change s where s.authority_id = c.authority_id and s.serial_number = c.serial_number
            order by s.change_number desc limit 1) in ('issued', 'released') as is_good
        from officer_certificate oc join certificate c on c.sha256 = oc.certificate_sha256
        where oc.officer_id = $1 order by c.issued_at desc, c.sha256`,
      values: [officerId],
    });
    return rows.map((row) => ({
      sha256: row.sha256,
      authorityId: row.authority_id,
      serialNumber: row.serial_number,
      bytes: row.der,
      notBefore: row.not_before,
      notAfter: row.not_after,
      isGood: row.is_good,
    }));
  }

  async unfinished(): Promise<OfficerChangeId[]> {
    const rows = await this.#database.query<{ id: OfficerChangeId }>({
      text: `select x.id from officer_change x join officer o on o.id = x.officer_id and o.removed_at is null
        where x.kind = 'certify' and x.state = 'confirmed'
          and not exists (select from officer_certificate oc where oc.change_id = x.id) order by x.id`,
    });
    return rows.map(({ id }) => id);
  }
}
