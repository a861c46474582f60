import type { Transaction } from '../core/transaction.ts';
import type { Evidence, SessionId, SignatureEvidenceStore } from '../signing/sessions/session.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface EvidenceRow {
  session_id: SessionId;
  sha256: Buffer;
  key_id: string | null;
  sealed: Buffer | null;
  recorded_at: Date;
}

const EVIDENCE_COLUMNS = 'session_id, sha256, key_id, sealed, recorded_at';

/** What was shown and signed; it is written with the signatures, by PgSessionStore. */
export class PgSignatureEvidence implements SignatureEvidenceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async evidenceOf(id: SessionId): Promise<Evidence | undefined> {
    const [row] = await this.#database.query<EvidenceRow>({
      text: `select ${EVIDENCE_COLUMNS} from signature_evidence where session_id = $1`,
      values: [id],
    });
    return row && evidenceOf(row);
  }

  async expiredEvidence(before: Date, limit: number): Promise<SessionId[]> {
    const rows = await this.#database.query<{ session_id: SessionId }>({
      text: `select session_id from signature_evidence where sealed is not null and recorded_at <= $1
        order by recorded_at limit $2`,
      values: [before, limit],
    });
    return rows.map(({ session_id: id }) => id);
  }

  async deleteEvidence(tx: Transaction, id: SessionId, at: Date): Promise<boolean> {
    const recorded = await pg(tx).execute({
      text: `insert into signature_evidence_deletion (session_id, deleted_at) values ($1, $2)
        on conflict (session_id) do nothing`,
      values: [id, at],
    });
    if (recorded === 0) return false;
    const deleted = await pg(tx).execute({
      text: 'update signature_evidence set sealed = null, key_id = null where session_id = $1',
      values: [id],
    });
    return deleted === 1;
  }

  /** All evidence in the order of the sessions' ids; for who checks it. */
  async *allEvidence(pageRows: number): AsyncGenerator<Evidence> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const rows = await this.#database.query<EvidenceRow>({
        name: 'signature-evidence-all',
        text: `select ${EVIDENCE_COLUMNS} from signature_evidence where session_id > $1 order by session_id limit $2`,
        values: [after, pageRows],
      });
      for (const row of rows) yield evidenceOf(row);
      if (rows.length < pageRows) return;
      after = rows[rows.length - 1].session_id;
    }
  }
}

function evidenceOf(row: EvidenceRow): Evidence {
  return {
    sessionId: row.session_id,
    sha256: row.sha256,
    ...(row.sealed && row.key_id !== null && { content: { keyId: row.key_id, sealed: row.sealed } }),
    recordedAt: row.recorded_at,
  };
}
