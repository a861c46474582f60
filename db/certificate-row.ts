import type { IssuedCertificate } from '../ca/issue/certificate-store.ts';

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
