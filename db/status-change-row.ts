import type { StatusChange, StatusEvent } from '../pki/certificate-status.ts';
import type { RevocationReason } from '../pki/revocation-reason.ts';

/** bigint columns arrive as text. */
export interface StatusChangeRow {
  change_number: string;
  authority_id: string;
  serial_number: Buffer;
  event: StatusEvent;
  effective_at: Date;
  reason: RevocationReason | null;
  invalidity_date: Date | null;
}

export const STATUS_CHANGE_COLUMNS =
  's.change_number, s.authority_id, s.serial_number, s.event, s.effective_at, s.reason, s.invalidity_date';

export function statusChangeOf(row: StatusChangeRow): StatusChange {
  return {
    changeNumber: Number(row.change_number),
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    event: row.event,
    effectiveAt: row.effective_at,
    ...(row.reason && { reason: row.reason }),
    ...(row.invalidity_date && { invalidityDate: row.invalidity_date }),
  };
}
