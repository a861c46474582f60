import type { Database } from './database.ts';

/** A renewal's row beside the certificate that signed it, the one that came of it, and its acceptance, as they stand. */
export interface RenewalRecordRow {
  id: string;
  replaces: { authorityId: string; serialNumber: Buffer };
  requestedAt: Date;
  document: Buffer;
  /** Absent: asked for over TLS. */
  signature?: Buffer;
  spkiSha256: Buffer;
  /** DER. */
  replaced: Buffer;
  /** Whether that one was valid when it signed. */
  wasInForce: boolean;
  /** Whether its key has shown that it signs digests of others, and whether it had when it signed. */
  replacedSignsDigests: boolean;
  replacedSignedDigests: boolean;
  /** DER; absent when none was issued. */
  certificate?: Buffer;
  issued?: { authorityId: string; serialNumber: Buffer };
  /** Whether it was refused, or waits for an intent that a crash left. */
  isExplained: boolean;
  acceptance?: { document: Buffer; signature: Buffer };
}

interface JoinedRow {
  id: string;
  replaces_authority_id: string;
  replaces_serial_number: Buffer;
  requested_at: Date;
  document: Buffer;
  signature: Buffer | null;
  spki_sha256: Buffer;
  replaced: Buffer;
  was_in_force: boolean | null;
  replaced_signs_digests: boolean;
  replaced_signed_digests: boolean;
  der: Buffer | null;
  authority_id: string | null;
  serial_number: Buffer | null;
  is_explained: boolean;
  accepted_document: Buffer | null;
  accepted_signature: Buffer | null;
}

/** All renewals in pages, ordered by id. */
export async function* readRenewalRecords(
  database: Database,
  pageRows: number,
): AsyncGenerator<RenewalRecordRow[]> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows: JoinedRow[] = await database.query<JoinedRow>({
      name: 'records-renewals',
      text: `select r.id, r.replaces_authority_id, r.replaces_serial_number, r.requested_at, r.document, r.signature, r.spki_sha256,
          o.der as replaced,
          o.not_before <= r.requested_at and o.not_after >= date_trunc('second', r.requested_at)
            -- Times of the history have whole seconds: whatever it was in that second counts.
            and exists (select from status_change s
              where s.authority_id = o.authority_id and s.serial_number = o.serial_number
                and s.event in ('issued', 'released') and s.effective_at <= r.requested_at
                and not exists (select from status_change n
                  where n.authority_id = s.authority_id and n.serial_number = s.serial_number
                    and n.change_number > s.change_number and n.effective_at < date_trunc('second', r.requested_at)))
            as was_in_force,
          d.proved_at is not null as replaced_signs_digests,
          coalesce(d.proved_at < r.requested_at, false) as replaced_signed_digests,
          c.der, c.authority_id, c.serial_number,
          exists (select from renewal_refusal f where f.renewal_id = r.id)
            or exists (select from issuance_intent i where i.origin = 'renewal:' || r.id) as is_explained,
          a.document as accepted_document, a.signature as accepted_signature
        from renewal r
        join certificate o on o.authority_id = r.replaces_authority_id and o.serial_number = r.replaces_serial_number
        left join digest_signer d on d.authority_id = o.authority_id and d.serial_number = o.serial_number
        left join certificate c on c.origin = 'renewal:' || r.id
        left join renewal_acceptance a on a.renewal_id = r.id
        where r.id > $1 order by r.id limit $2`,
      values: [after, pageRows],
    });
    if (rows.length > 0) yield rows.map(recordOf);
    if (rows.length < pageRows) return;
    after = rows[rows.length - 1].id;
  }
}

function recordOf(row: JoinedRow): RenewalRecordRow {
  return {
    id: row.id,
    replaces: { authorityId: row.replaces_authority_id, serialNumber: row.replaces_serial_number },
    requestedAt: row.requested_at,
    document: row.document,
    ...(row.signature && { signature: row.signature }),
    spkiSha256: row.spki_sha256,
    replaced: row.replaced,
    wasInForce: row.was_in_force === true,
    replacedSignsDigests: row.replaced_signs_digests,
    replacedSignedDigests: row.replaced_signed_digests,
    ...(row.der && { certificate: row.der }),
    ...(row.authority_id !== null &&
      row.serial_number && { issued: { authorityId: row.authority_id, serialNumber: row.serial_number } }),
    isExplained: row.is_explained,
    ...(row.accepted_document &&
      row.accepted_signature && {
        acceptance: { document: row.accepted_document, signature: row.accepted_signature },
      }),
  };
}
