import type { Transaction } from '../core/transaction.ts';
import type { ApplicationId } from '../ra/application.ts';
import type { Evidence, EvidenceId, KeptEvidence } from '../ra/evidence/evidence.ts';
import type { EvidenceStore, LegalHold, LegalHoldId, SealedContent } from '../ra/evidence/evidence-house.ts';
import type { OfficerId } from '../ra/officer.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface EvidenceRow {
  id: EvidenceId;
  application_id: ApplicationId;
  kind: Evidence['kind'];
  media_type: Evidence['mediaType'];
  octets: number;
  sha256: Buffer;
  added_by: OfficerId;
  added_at: Date;
}

interface KeptRow extends EvidenceRow {
  retain_until: Date | null;
  is_held: boolean;
  deleted_at: Date | null;
}

const COLUMNS = 'e.id, e.application_id, e.kind, e.media_type, e.octets, e.sha256, e.added_by, e.added_at';

/** Fifteen years after the last certificate of the application expires; one after a decision that came to nothing (DOMAIN §4). */
const RETAIN_UNTIL = `coalesce(
    (select max(c.not_after) + interval '15 years' from certificate c where c.origin = any(
      array['application:' || e.application_id] || array(select 'renewal:' || r.id from renewal r where r.application_id = e.application_id))),
    (select a.decided_at + interval '1 year' from application a
      where a.id = e.application_id and a.state in ('rejected', 'withdrawn')))`;

const IS_HELD = `exists (select from legal_hold h where h.application_id = e.application_id
    and not exists (select from legal_hold_lift l where l.hold_id = h.id))`;

export class PgEvidenceStore implements EvidenceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, evidence: Evidence, content: SealedContent): Promise<Evidence | undefined> {
    const inserted = await pg(tx).execute({
      name: 'evidence-insert',
      text: `insert into evidence (id, application_id, kind, media_type, octets, sha256, added_by, added_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (application_id, kind, sha256) do nothing`,
      values: [
        evidence.id,
        evidence.applicationId,
        evidence.kind,
        evidence.mediaType,
        evidence.octets,
        evidence.sha256,
        evidence.addedBy,
        evidence.addedAt,
      ],
    });
    if (inserted === 0) return sameAs(tx, evidence);
    await pg(tx).execute({
      name: 'evidence-content-insert',
      text: 'insert into evidence_content (evidence_id, key_id, sealed) values ($1, $2, $3)',
      values: [evidence.id, content.keyId, content.sealed],
    });
    return undefined;
  }

  async ofApplication(applicationId: ApplicationId): Promise<KeptEvidence[]> {
    const rows = await this.#database.query<KeptRow>({
      name: 'evidence-of-application',
      text: `select ${COLUMNS}, ${RETAIN_UNTIL} as retain_until, ${IS_HELD} as is_held, d.deleted_at
        from evidence e left join evidence_deletion d on d.evidence_id = e.id
        where e.application_id = $1 order by e.id`,
      values: [applicationId],
    });
    return rows.map((row) => ({
      ...evidenceOf(row),
      ...(row.retain_until && { retainUntil: row.retain_until }),
      isHeld: row.is_held,
      ...(row.deleted_at && { deletedAt: row.deleted_at }),
    }));
  }

  async content(id: EvidenceId): Promise<SealedContent | undefined> {
    const [row] = await this.#database.query<{ key_id: string; sealed: Buffer }>({
      name: 'evidence-content',
      text: 'select key_id, sealed from evidence_content where evidence_id = $1',
      values: [id],
    });
    return row && { keyId: row.key_id, sealed: row.sealed };
  }

  async expired(now: Date, limit: number): Promise<Pick<Evidence, 'id' | 'applicationId'>[]> {
    const rows = await this.#database.query<Pick<EvidenceRow, 'id' | 'application_id'>>({
      name: 'evidence-expired',
      text: `select e.id, e.application_id from evidence_content k join evidence e on e.id = k.evidence_id
        where ${RETAIN_UNTIL} <= $1 and not ${IS_HELD} order by e.id limit $2`,
      values: [now, limit],
    });
    return rows.map((row) => ({ id: row.id, applicationId: row.application_id }));
  }

  async deleteContent(tx: Transaction, id: EvidenceId, at: Date, by: string): Promise<boolean> {
    const recorded = await pg(tx).execute({
      name: 'evidence-record-deletion',
      text: `insert into evidence_deletion (evidence_id, deleted_at, deleted_by)
        select e.id, $2, $3 from evidence e where e.id = $1 and not ${IS_HELD} on conflict (evidence_id) do nothing`,
      values: [id, at, by],
    });
    if (recorded === 0) return false;
    await pg(tx).execute({
      name: 'evidence-delete-content',
      text: 'delete from evidence_content where evidence_id = $1',
      values: [id],
    });
    return true;
  }

  async insertHold(tx: Transaction, hold: LegalHold): Promise<void> {
    await pg(tx).execute({
      name: 'legal-hold-insert',
      text: `insert into legal_hold (id, application_id, order_number, laid_by, laid_at) values ($1, $2, $3, $4, $5)`,
      values: [hold.id, hold.applicationId, hold.orderNumber, hold.laidBy, hold.laidAt],
    });
  }

  async liftHold(
    tx: Transaction,
    { id, applicationId }: Pick<LegalHold, 'id' | 'applicationId'>,
    liftedBy: OfficerId,
    at: Date,
  ): Promise<boolean> {
    const lifted = await pg(tx).execute({
      name: 'legal-hold-lift',
      text: `insert into legal_hold_lift (hold_id, lifted_by, lifted_at)
        select h.id, $3, $4 from legal_hold h where h.id = $1 and h.application_id = $2
        on conflict (hold_id) do nothing`,
      values: [id, applicationId, liftedBy, at],
    });
    return lifted === 1;
  }

  async holdsOn(applicationId: ApplicationId): Promise<LegalHold[]> {
    const rows = await this.#database.query<HoldRow>({
      name: 'legal-holds-on',
      text: `select h.id, h.application_id, h.order_number, h.laid_by, h.laid_at from legal_hold h
        where h.application_id = $1 and not exists (select from legal_hold_lift l where l.hold_id = h.id) order by h.id`,
      values: [applicationId],
    });
    return rows.map((row) => ({
      id: row.id,
      applicationId: row.application_id,
      orderNumber: row.order_number,
      laidBy: row.laid_by,
      laidAt: row.laid_at,
    }));
  }

  /** Whether its time was over, and its content is not kept any more. */
  async isDeleted(id: EvidenceId): Promise<boolean> {
    const rows = await this.#database.query({
      text: 'select evidence_id from evidence_deletion where evidence_id = $1',
      values: [id],
    });
    return rows.length > 0;
  }

  /** All papers in the order of their ids, with their content where it is kept; for who checks them. */
  async *all(pageRows: number): AsyncGenerator<{ evidence: Evidence; isDeleted: boolean }> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const rows = await this.#database.query<EvidenceRow & { is_deleted: boolean }>({
        name: 'evidence-all',
        text: `select ${COLUMNS}, exists (select from evidence_deletion d where d.evidence_id = e.id) as is_deleted
          from evidence e where e.id > $1 order by e.id limit $2`,
        values: [after, pageRows],
      });
      for (const row of rows) yield { evidence: evidenceOf(row), isDeleted: row.is_deleted };
      if (rows.length < pageRows) return;
      after = rows[rows.length - 1].id;
    }
  }
}

interface HoldRow {
  id: LegalHoldId;
  application_id: ApplicationId;
  order_number: string;
  laid_by: OfficerId;
  laid_at: Date;
}

async function sameAs(
  tx: Transaction,
  { applicationId, kind, sha256 }: Evidence,
): Promise<Evidence | undefined> {
  const [row] = await pg(tx).query<EvidenceRow>({
    name: 'evidence-same',
    text: `select ${COLUMNS} from evidence e where e.application_id = $1 and e.kind = $2 and e.sha256 = $3`,
    values: [applicationId, kind, sha256],
  });
  return row && evidenceOf(row);
}

function evidenceOf(row: EvidenceRow): Evidence {
  return {
    id: row.id,
    applicationId: row.application_id,
    kind: row.kind,
    mediaType: row.media_type,
    octets: row.octets,
    sha256: row.sha256,
    addedBy: row.added_by,
    addedAt: row.added_at,
  };
}
