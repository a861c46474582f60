import { applyStatusChange } from '../pki/certificate-status.ts';
import type { Credential } from '../signing/sessions/credential.ts';
import type { StatusChangeRow } from './status-change-row.ts';

export type CredentialRow = Pick<
  StatusChangeRow,
  'change_number' | 'event' | 'effective_at' | 'reason' | 'invalidity_date'
> & {
  authority_id: string;
  serial_number: Buffer;
  der: Buffer;
  sha256: Buffer;
  not_before: Date;
  not_after: Date;
  licence_fault: string | null;
  pin_failures: number | null;
  blocked_at: Date | null;
  signs_digests: boolean;
};

/** What the Medical Council holds against the holder of an application `a`, as rows of `h`. */
export const LICENCE_FAULTS = `licence_holder h where h.standing <> 'active'
    and ((h.council_group = a.council_group and h.council_digits = a.council_digits)
      or (h.national_id = a.national_id and h.standing = 'deceased'))`;

/** Of a certificate `c`, its application `a`, and JOIN_STANDING; what `c` is called in other tables is not among them. */
export const CREDENTIAL_COLUMNS = `c.der, c.sha256, c.not_before, c.not_after, n.change_number, n.event, n.effective_at,
  n.reason, n.invalidity_date, p.failures as pin_failures, p.blocked_at,
  exists (select from digest_signer d where d.authority_id = c.authority_id and d.serial_number = c.serial_number)
    as signs_digests,
  (select h.standing from ${LICENCE_FAULTS} limit 1) as licence_fault`;

export const JOIN_STANDING = `join lateral (select change_number, event, effective_at, reason, invalidity_date from status_change
    where authority_id = c.authority_id and serial_number = c.serial_number
    order by change_number desc limit 1) n on true
  left join credential_pin p on p.authority_id = c.authority_id and p.serial_number = c.serial_number`;

export function credentialOf(row: CredentialRow): Credential {
  return {
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    certificate: row.der,
    certificateSha256: row.sha256,
    notBefore: row.not_before,
    notAfter: row.not_after,
    changeNumber: Number(row.change_number),
    status: applyStatusChange({
      event: row.event,
      effectiveAt: row.effective_at,
      ...(row.reason && { reason: row.reason }),
      ...(row.invalidity_date && { invalidityDate: row.invalidity_date }),
    }),
    ...(row.licence_fault !== null && { licenceFault: row.licence_fault }),
    pinFailures: row.pin_failures ?? 0,
    isBlocked: row.blocked_at !== null,
    signsDigests: row.signs_digests,
  };
}
