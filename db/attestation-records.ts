import type { Database } from './database.ts';

/** A certificate whose key was shown to be somewhere, beside its intent's row and what was kept of that. */
export interface AttestationRecordRow {
  /** Of the activation or renewal that it came with. */
  occasionId: string;
  /** Of a renewal: what is renewed. */
  replaces?: { authorityId: string; serialNumber: Buffer };
  authorityId: string;
  serialNumber: Buffer;
  /** DER. */
  certificate: Buffer;
  origin: string;
  intendedAt: Date;
  /** What the CA recorded before it signed; undefined where it recorded nothing. */
  intent: { sha256?: Buffer; hardware?: string; fault?: string };
  /** What the registration authority kept. */
  kept: { sha256: Buffer; keyId: string; sealed: Buffer };
}

interface JoinedRow {
  occasion_id: string;
  replaces_authority_id: string | null;
  replaces_serial_number: Buffer | null;
  authority_id: string;
  serial_number: Buffer;
  der: Buffer;
  origin: string;
  intended_at: Date;
  attestation_sha256: Buffer | null;
  key_hardware: string | null;
  attestation_fault: string | null;
  sha256: Buffer;
  key_id: string;
  sealed: Buffer;
}

const KEPT = `select a.activation_id as occasion_id, 'application:' || v.application_id as origin, a.sha256, a.key_id,
    a.sealed, null::text as replaces_authority_id, null::bytea as replaces_serial_number
  from key_attestation a join activation v on v.id = a.activation_id
  union all
  select a.renewal_id, 'renewal:' || a.renewal_id, a.sha256, a.key_id, a.sealed, r.replaces_authority_id,
    r.replaces_serial_number
  from renewal_attestation a join renewal r on r.id = a.renewal_id`;

/** Reads attestations as they are, for who checks them. */
export class PgAttestationRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All that led to a certificate, in pages, ordered by activation or renewal. */
  async *attestations(pageRows: number): AsyncGenerator<AttestationRecordRow[]> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const rows: JoinedRow[] = await this.#database.query<JoinedRow>({
        text: `select k.occasion_id, k.replaces_authority_id, k.replaces_serial_number, k.sha256, k.key_id, k.sealed,
            c.authority_id, c.serial_number, c.der, c.origin, i.intended_at, i.attestation_sha256, i.key_hardware,
            i.attestation_fault
          from (${KEPT}) k
          join certificate c on c.origin = k.origin
          join issuance_intent i on i.authority_id = c.authority_id and i.serial_number = c.serial_number
          where k.occasion_id > $1 order by k.occasion_id limit $2`,
        values: [after, pageRows],
      });
      if (rows.length > 0) yield rows.map(recordOf);
      if (rows.length < pageRows) return;
      after = rows[rows.length - 1].occasion_id;
    }
  }

  /** Certificates in which some octets stand, or whose intent names hardware, and of whose key nothing was kept. */
  async unshown(octets: Buffer): Promise<string[]> {
    const rows = await this.#database.query<{ subject: string }>({
      text: `select 'certificate:' || c.authority_id || '/' || encode(c.serial_number, 'hex') as subject
        from certificate c
        join issuance_intent i on i.authority_id = c.authority_id and i.serial_number = c.serial_number
        where (i.attestation_sha256 is not null or position($1::bytea in c.der) > 0)
          and not exists (select from (${KEPT}) k where k.origin = c.origin)
        order by 1`,
      values: [octets],
    });
    return rows.map(({ subject }) => subject);
  }
}

function recordOf(row: JoinedRow): AttestationRecordRow {
  return {
    occasionId: row.occasion_id,
    ...(row.replaces_authority_id !== null && {
      replaces: { authorityId: row.replaces_authority_id, serialNumber: row.replaces_serial_number! },
    }),
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    certificate: row.der,
    origin: row.origin,
    intendedAt: row.intended_at,
    intent: {
      ...(row.attestation_sha256 && { sha256: row.attestation_sha256 }),
      ...(row.key_hardware !== null && { hardware: row.key_hardware }),
      ...(row.attestation_fault !== null && { fault: row.attestation_fault }),
    },
    kept: { sha256: row.sha256, keyId: row.key_id, sealed: row.sealed },
  };
}
