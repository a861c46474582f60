import type { Certificate } from '../pki/certificate.ts';
import type { StatusChange } from '../pki/certificate-status.ts';
import type { StatusHistory } from '../validation/status-history.ts';
import type { Database } from './database.ts';
import { readStatusChanges } from './read-status-changes.ts';

export class PgStatusHistory implements StatusHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async authorityOf(issuerCertificate: Certificate): Promise<string | undefined> {
    const [row] = await this.#database.query<{ id: string }>({
      name: 'authority-of-certificate',
      text: 'select id from authority where certificate = $1',
      values: [issuerCertificate.bytes],
    });
    return row?.id;
  }

  changesOf(authorityId: string, serialNumber: Buffer): Promise<readonly StatusChange[]> {
    return readStatusChanges(this.#database, authorityId, serialNumber);
  }
}
