import type { CertificateStore, IssuanceIntent, IssuedCertificate } from '../ca/issue/certificate-store.ts';
import type { Transaction } from '../core/transaction.ts';
import { pg } from './pg-transaction.ts';

interface IntentRow {
  authority_id: string;
  serial_number: Buffer;
  tbs_certificate: Buffer;
  spki_sha256: Buffer;
  profile_id: string;
  profile_version: number;
  origin: string;
  intended_at: Date;
}

export interface CertificateRow {
  authority_id: string;
  serial_number: Buffer;
  der: Buffer;
  sha256: Buffer;
  profile_id: string;
  origin: string;
  not_before: Date;
  not_after: Date;
  issued_at: Date;
}

export const CERTIFICATE_COLUMNS =
  'c.authority_id, c.serial_number, c.der, c.sha256, c.profile_id, c.origin, c.not_before, c.not_after, c.issued_at';

export class PgCertificateStore implements CertificateStore {
  async recordIntent(
    tx: Transaction,
    intent: IssuanceIntent,
  ): Promise<'recorded' | 'serial-taken' | 'key-reused'> {
    const inserted = await pg(tx).execute({
      name: 'intent-record',
      text: `insert into issuance_intent (authority_id, serial_number, tbs_certificate, spki_sha256, profile_id,
        profile_version, origin, intended_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      values: [
        intent.authorityId,
        intent.serialNumber,
        intent.tbsCertificate,
        intent.spkiSha256,
        intent.profileId,
        intent.profileVersion,
        intent.origin,
        intent.intendedAt,
      ],
    });
    if (inserted === 1) return 'recorded';
    const sameKey = await pg(tx).query({
      name: 'intent-by-key',
      text: 'select from issuance_intent where spki_sha256 = $1',
      values: [intent.spkiSha256],
    });
    return sameKey.length > 0 ? 'key-reused' : 'serial-taken';
  }

  async recordCertificate(tx: Transaction, certificate: IssuedCertificate): Promise<void> {
    await pg(tx).execute({
      name: 'certificate-record',
      text: `insert into certificate (authority_id, serial_number, der, sha256, profile_id, origin, not_before,
        not_after, issued_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        certificate.authorityId,
        certificate.serialNumber,
        certificate.bytes,
        certificate.sha256,
        certificate.profileId,
        certificate.origin,
        certificate.notBefore,
        certificate.notAfter,
        certificate.issuedAt,
      ],
    });
  }

  async openIntents(tx: Transaction): Promise<IssuanceIntent[]> {
    const rows = await pg(tx).query<IntentRow>({
      text: `select i.authority_id, i.serial_number, i.tbs_certificate, i.spki_sha256, i.profile_id, i.profile_version,
          i.origin, i.intended_at
        from issuance_intent i
        where not exists (select from certificate c
          where c.authority_id = i.authority_id and c.serial_number = i.serial_number)
        order by i.intended_at`,
    });
    return rows.map(intentOf);
  }

  async findByOrigin(tx: Transaction, origin: string): Promise<IssuedCertificate | undefined> {
    const [row] = await pg(tx).query<CertificateRow>({
      name: 'certificate-by-origin',
      text: `select ${CERTIFICATE_COLUMNS} from certificate c where c.origin = $1`,
      values: [origin],
    });
    return row && certificateOf(row);
  }
}

export function certificateOf(row: CertificateRow): IssuedCertificate {
  return {
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    bytes: row.der,
    sha256: row.sha256,
    profileId: row.profile_id,
    origin: row.origin,
    notBefore: row.not_before,
    notAfter: row.not_after,
    issuedAt: row.issued_at,
  };
}

function intentOf(row: IntentRow): IssuanceIntent {
  return {
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    tbsCertificate: row.tbs_certificate,
    spkiSha256: row.spki_sha256,
    profileId: row.profile_id,
    profileVersion: row.profile_version,
    origin: row.origin,
    intendedAt: row.intended_at,
  };
}
