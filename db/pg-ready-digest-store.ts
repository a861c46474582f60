import type { Transaction } from '../core/transaction.ts';
import type { ReadyDigestStore } from '../signing/ready-digest.ts';
import type { CredentialId } from '../signing/sessions/credential.ts';
import { pg } from './pg-transaction.ts';

export class PgReadyDigestStore implements ReadyDigestStore {
  async addSigner(tx: Transaction, { authorityId, serialNumber }: CredentialId, at: Date): Promise<void> {
    await pg(tx).execute({
      name: 'digest-signer-insert',
      text: `insert into digest_signer (authority_id, serial_number, proved_at) values ($1, $2, $3)
        on conflict do nothing`,
      values: [authorityId, serialNumber, at],
    });
  }

  async isSigner(tx: Transaction, { authorityId, serialNumber }: CredentialId): Promise<boolean> {
    const found = await pg(tx).query({
      name: 'digest-signer-find',
      text: 'select 1 as found from digest_signer where authority_id = $1 and serial_number = $2',
      values: [authorityId, serialNumber],
    });
    return found.length > 0;
  }

  async wasHandedIn(
    tx: Transaction,
    { authorityId, serialNumber }: CredentialId,
    readyDigest: Buffer,
  ): Promise<boolean> {
    const found = await pg(tx).query({
      name: 'handed-in-digest-find',
      text: `select 1 as found from handed_in_digest
        where authority_id = $1 and serial_number = $2 and digest = $3`,
      values: [authorityId, serialNumber, readyDigest],
    });
    return found.length > 0;
  }
}
