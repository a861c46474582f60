import type { AuditActor } from '../audit/audit-event.ts';
import type { Transaction } from '../core/transaction.ts';
import type { Verdict } from '../ra/registers/judge-look-up.ts';
import type { RegisterName } from '../ra/registers/register.ts';
import type {
  RegisterAnswer,
  RegisterAnswerId,
  RegisterAnswerStore,
} from '../ra/registers/register-answer-store.ts';
import { textArray } from './binary-array.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface AnswerRow {
  id: RegisterAnswerId;
  subject: string;
  register: RegisterName;
  asked_by_kind: AuditActor['kind'];
  asked_by_id: string;
  asked_by_office: string | null;
  asked_at: Date;
  answered_at: Date;
  request_id: string;
  salt: Buffer;
  claim_hmac: Buffer;
  answer_hmac: Buffer | null;
  result: Verdict['result'];
  reason: Verdict['reason'];
}

const COLUMNS = `id, subject, register, asked_by_kind, asked_by_id, asked_by_office, asked_at, answered_at, request_id, salt,
  claim_hmac, answer_hmac, result, reason`;

export class PgRegisterAnswers implements RegisterAnswerStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, answer: RegisterAnswer, raw: Buffer | undefined): Promise<void> {
    await pg(tx).execute({
      name: 'register-answer-insert',
      text: `insert into register_answer (${COLUMNS})
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      values: [
        answer.id,
        answer.subject,
        answer.register,
        answer.askedBy.kind,
        answer.askedBy.id,
        answer.askedBy.officeId ?? null,
        answer.askedAt,
        answer.answeredAt,
        answer.requestId,
        answer.salt,
        answer.claimHmac,
        answer.answerHmac ?? null,
        answer.result,
        answer.reason,
      ],
    });
    if (raw) await insertBody(tx, answer.id, raw);
  }

  async newestOf(subjects: readonly string[]): Promise<RegisterAnswer[]> {
    const rows = await this.#database.query<AnswerRow>({
      name: 'register-answers-newest',
      text: `select distinct on (subject, register) ${COLUMNS} from register_answer
        where subject = any($1::text[]) order by subject, register, id desc`,
      values: [textArray(subjects)],
    });
    return rows.map(answerOf);
  }
}

async function insertBody(tx: Transaction, id: RegisterAnswerId, raw: Buffer): Promise<void> {
  await pg(tx).execute({
    name: 'register-answer-body-insert',
    text: 'insert into register_answer_body (answer_id, body) values ($1, $2)',
    values: [id, raw],
  });
}

function answerOf(row: AnswerRow): RegisterAnswer {
  // Written from one verdict, so that result and reason belong together.
  const verdict = { result: row.result, reason: row.reason } as Verdict;
  return {
    ...verdict,
    id: row.id,
    subject: row.subject,
    register: row.register,
    askedBy: {
      kind: row.asked_by_kind,
      id: row.asked_by_id,
      ...(row.asked_by_office && { officeId: row.asked_by_office }),
    },
    askedAt: row.asked_at,
    answeredAt: row.answered_at,
    requestId: row.request_id,
    salt: row.salt,
    claimHmac: row.claim_hmac,
    ...(row.answer_hmac && { answerHmac: row.answer_hmac }),
  };
}
