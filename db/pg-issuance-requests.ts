import type { Answer, Asked, RequestQueue, RequestStore } from '../ca/requests/asked-issuance.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface AskedRow {
  id: string;
  kind: 'issue' | 'readiness';
  authority_id: string;
  origin: string | null;
  spki_sha256: Buffer | null;
  content: string | null;
}

interface AnswerRow {
  answered_at: Date | null;
  refusal_code: string | null;
  refusal_detail: string | null;
  may_pass: boolean | null;
}

/** Between two statements the open request that an insert met may be answered; twice is no accident. */
const ATTEMPTS_MAX = 3;

export class PgIssuanceRequests implements RequestStore, RequestQueue {
  readonly #database: Database;

  /** What answers holds a connection while it works: its `database` is another object than that of the work. */
  constructor(database: Database) {
    this.#database = database;
  }

  async ask(asked: Asked, at: Date): Promise<string> {
    const ofIssue = asked.kind === 'issue' ? asked : undefined;
    const values = [
      asked.kind,
      asked.authorityId,
      ofIssue?.origin ?? null,
      ofIssue?.spkiSha256 ?? null,
      ofIssue?.content ?? null,
      at,
    ];
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const [row] = await this.#database.query<{ id: string }>({
        name: 'issuance-ask',
        text: `with asked as (
            insert into issuance_request (kind, authority_id, origin, spki_sha256, content, asked_at)
            values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id)
          select id from asked union all
          select id from issuance_request where answered_at is null and kind = $1 and authority_id = $2
            and coalesce(origin, '') = coalesce($3::text, '')
            and coalesce(spki_sha256, '') = coalesce($4::bytea, '')
          limit 1`,
        values,
      });
      if (row) return row.id;
    }
    throw new Error('a request is neither taken nor open');
  }

  async answerOf(id: string): Promise<Answer | undefined> {
    const [row] = await this.#database.query<AnswerRow>({
      name: 'issuance-answer',
      text: 'select answered_at, refusal_code, refusal_detail, may_pass from issuance_request where id = $1',
      values: [id],
    });
    if (!row?.answered_at) return undefined;
    const { refusal_code: code, refusal_detail: detail, may_pass: mayPass } = row;
    return code === null
      ? { outcome: 'done' }
      : { outcome: 'refused', code, detail: detail!, mayPass: mayPass! };
  }

  answerNext(work: (asked: Asked) => Promise<Answer>, now: () => Date): Promise<boolean> {
    return this.#database.transaction(async (tx) => {
      // The lock of the row is gone when this process is: whoever comes next takes the request over.
      const [row] = await pg(tx).query<AskedRow>({
        name: 'issuance-take',
        text: `select id, kind, authority_id, origin, spki_sha256, content from issuance_request
          where answered_at is null order by id limit 1 for update skip locked`,
      });
      if (!row) return false;
      const answer = await work(askedOf(row));
      const refusal = answer.outcome === 'refused' ? answer : undefined;
      await pg(tx).execute({
        name: 'issuance-give',
        text: `update issuance_request set content = null, answered_at = $2, refusal_code = $3, refusal_detail = $4,
            may_pass = $5 where id = $1`,
        values: [row.id, now(), refusal?.code ?? null, refusal?.detail ?? null, refusal?.mayPass ?? null],
      });
      return true;
    });
  }

  async openContent(origin: string): Promise<string | undefined> {
    const [row] = await this.#database.query<{ content: string }>({
      text: `select content from issuance_request where origin = $1 and answered_at is null order by id limit 1`,
      values: [origin],
    });
    return row?.content;
  }

  async prune(answeredBefore: Date): Promise<void> {
    await this.#database.query({
      text: 'delete from issuance_request where answered_at < $1',
      values: [answeredBefore],
    });
  }
}

function askedOf({ kind, authority_id: authorityId, ...row }: AskedRow): Asked {
  if (kind === 'readiness') return { kind, authorityId };
  return { kind, authorityId, origin: row.origin!, spkiSha256: row.spki_sha256!, content: row.content! };
}
