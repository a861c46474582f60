import { createHash } from 'node:crypto';

import type { Database } from '../../db/database.ts';
import type { StatusEvent } from '../../pki/certificate-status.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';

const NOON = new Date('2026-06-15T12:00:00Z');

/** Expiry of each certificate that `issueRow` writes. */
const ROW_NOT_AFTER = new Date('2027-06-15T11:59:59Z');

/** Authorities of which nothing but the id is right. */
export async function authorityRows(database: Database, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await database.query({
      text: `insert into authority (id, assurance_level, certificate, crl_shards, created_at)
        values ($1, 1, $2, 1, now())`,
      values: [id, Buffer.from(id)],
    });
  }
}

/** A certificate, and the change that opens its history; what it certifies is of no interest. */
export async function issueRow(database: Database, authorityId: string, serialNumber: Buffer): Promise<void> {
  const hash = createHash('sha256').update(authorityId).update(serialNumber).digest();
  await database.query({
    text: `insert into issuance_intent (authority_id, serial_number, tbs_certificate, spki_sha256, profile_id,
        profile_version, origin, intended_at)
      values ($1, $2, '', $3, 'p', 1, $4, now())`,
    values: [authorityId, serialNumber, hash, hash.toString('hex')],
  });
  await database.query({
    text: `insert into certificate (authority_id, serial_number, der, sha256, profile_id, origin, not_before, not_after,
        issued_at)
      values ($1, $2, '', $3, 'p', $4, '2026-01-01', $5, now())`,
    values: [authorityId, serialNumber, hash, hash.toString('hex'), ROW_NOT_AFTER],
  });
  await changeRow(database, authorityId, serialNumber, 'issued');
}

/** One status change, committed by itself. */
export async function changeRow(
  database: Database,
  authorityId: string,
  serialNumber: Buffer,
  event: StatusEvent,
  reason?: RevocationReason,
): Promise<void> {
  await database.query({
    text: `with counter as (
        update status_counter set last_change_number = last_change_number + 1 returning last_change_number)
      insert into status_change (change_number, authority_id, serial_number, event, effective_at, reason, requested_by)
      select last_change_number, $1, $2, $3, $4, $5, 'test' from counter`,
    values: [authorityId, serialNumber, event, NOON, reason ?? null],
  });
}
