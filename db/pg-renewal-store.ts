import type { Transaction } from '../core/transaction.ts';
import { digest } from '../pki/digest-algorithm.ts';
import type { Renewal, RenewalId, RenewalStore } from '../ra/renewal/renewal.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface RenewalRow {
  id: RenewalId;
  application_id: Renewal['applicationId'];
  profile_id: string;
  authority_id: string;
  replaces_authority_id: string;
  replaces_serial_number: Buffer;
  document: Buffer;
  signature: Buffer | null;
  spki: Buffer;
  requested_at: Date;
}

const COLUMNS = `id, application_id, profile_id, authority_id, replaces_authority_id, replaces_serial_number, document,
  signature, spki, requested_at`;

export class PgRenewalStore implements RenewalStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, renewal: Renewal): Promise<boolean> {
    const inserted = await pg(tx).execute({
      name: 'renewal-insert',
      text: `insert into renewal (${COLUMNS}, spki_sha256, method)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (spki_sha256) do nothing`,
      values: [
        renewal.id,
        renewal.applicationId,
        renewal.profileId,
        renewal.authorityId,
        renewal.replaces.authorityId,
        renewal.replaces.serialNumber,
        renewal.document,
        renewal.signature ?? null,
        renewal.subjectPublicKeyInfo,
        renewal.requestedAt,
        digest('sha256', renewal.subjectPublicKeyInfo),
        renewal.signature ? 'signature' : 'tls',
      ],
    });
    return inserted === 1;
  }

  async find(id: RenewalId): Promise<Renewal | undefined> {
    const [row] = await this.#database.query<RenewalRow>({
      name: 'renewal-find',
      text: `select ${COLUMNS} from renewal where id = $1`,
      values: [id],
    });
    return row && renewalOf(row);
  }

  async ofKey(spkiSha256: Buffer): Promise<Renewal | undefined> {
    const [row] = await this.#database.query<RenewalRow>({
      name: 'renewal-of-key',
      text: `select ${COLUMNS} from renewal where spki_sha256 = $1`,
      values: [spkiSha256],
    });
    return row && renewalOf(row);
  }

  async refuse(tx: Transaction, id: RenewalId, code: string, at: Date): Promise<void> {
    await pg(tx).execute({
      name: 'renewal-refuse',
      text: `insert into renewal_refusal (renewal_id, code, refused_at) values ($1, $2, $3)
        on conflict (renewal_id) do nothing`,
      values: [id, code, at],
    });
  }

  async accept(
    tx: Transaction,
    { renewalId, document, signature, at }: Parameters<RenewalStore['accept']>[1],
  ): Promise<boolean> {
    const inserted = await pg(tx).execute({
      name: 'renewal-accept',
      text: `insert into renewal_acceptance (renewal_id, document, signature, accepted_at) values ($1, $2, $3, $4)
        on conflict (renewal_id) do nothing`,
      values: [renewalId, document, signature, at],
    });
    return inserted === 1;
  }

  async certificateOf(id: RenewalId): Promise<{ authorityId: string; serialNumber: Buffer } | undefined> {
    const [row] = await this.#database.query<{ authority_id: string; serial_number: Buffer }>({
      name: 'renewal-certificate',
      text: 'select authority_id, serial_number from certificate where origin = $1',
      values: [`renewal:${id}`],
    });
    return row && { authorityId: row.authority_id, serialNumber: row.serial_number };
  }
}

function renewalOf(row: RenewalRow): Renewal {
  return {
    id: row.id,
    applicationId: row.application_id,
    profileId: row.profile_id,
    authorityId: row.authority_id,
    replaces: { authorityId: row.replaces_authority_id, serialNumber: row.replaces_serial_number },
    document: row.document,
    ...(row.signature && { signature: row.signature }),
    subjectPublicKeyInfo: row.spki,
    requestedAt: row.requested_at,
  };
}
