import type { HolderClaim, IssuanceIntent } from '../ca/issue/certificate-store.ts';

export interface IntentRow {
  authority_id: string;
  serial_number: Buffer;
  tbs_certificate: Buffer;
  spki_sha256: Buffer;
  profile_id: string;
  profile_version: number;
  origin: string;
  intended_at: Date;
  holder_slot: string | null;
  replaces_authority_id: string | null;
  replaces_serial_number: Buffer | null;
  approval_sha256: Buffer | null;
}

export function intentOf(row: IntentRow): IssuanceIntent {
  return {
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    tbsCertificate: row.tbs_certificate,
    spkiSha256: row.spki_sha256,
    profileId: row.profile_id,
    profileVersion: row.profile_version,
    origin: row.origin,
    intendedAt: row.intended_at,
    ...(row.holder_slot && { holder: claimOf(row, row.holder_slot) }),
    ...(row.approval_sha256 && { approvalSha256: row.approval_sha256 }),
  };
}

function claimOf(row: IntentRow, slot: string): HolderClaim {
  const { replaces_authority_id: authorityId, replaces_serial_number: serialNumber } = row;
  return { slot, ...(authorityId && serialNumber && { replaces: { authorityId, serialNumber } }) };
}
