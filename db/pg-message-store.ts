import type { Transaction } from '../core/transaction.ts';
import type {
  ClaimedMessage,
  MessageFailure,
  MessageId,
  MessageStore,
  NewMessage,
} from '../ra/messages/message.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface ClaimedRow {
  id: MessageId;
  channel: ClaimedMessage['channel'];
  kind: string;
  attempts: number;
  key_id: string;
  sealed: Buffer;
  address: string | null;
}

export class PgMessageStore implements MessageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async queue(tx: Transaction, message: NewMessage): Promise<boolean> {
    const queued = await pg(tx).execute({
      name: 'message-queue',
      text: `insert into message (id, holder_id, channel, kind, once_key, key_id, sealed, queued_at, send_before,
          next_attempt_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8) on conflict (once_key) do nothing`,
      values: [
        message.id,
        message.holderId,
        message.channel,
        message.kind,
        message.onceKey,
        message.content.keyId,
        message.content.sealed,
        message.queuedAt,
        message.sendBefore,
      ],
    });
    return queued === 1;
  }

  async claim(now: Date, claimedUntil: Date, limit: number): Promise<ClaimedMessage[]> {
    await this.#database.query({
      name: 'message-too-late',
      text: `update message set state = 'failed', failure = 'too-late', settled_at = $1, sealed = null, key_id = null
        where state in ('waiting', 'sending') and next_attempt_at <= $1 and send_before <= $1`,
      values: [now],
    });
    const rows = await this.#database.query<ClaimedRow>({
      name: 'message-claim',
      text: `update message m set state = 'sending', attempts = m.attempts + 1, next_attempt_at = $2
        from (select id from message where state in ('waiting', 'sending') and next_attempt_at <= $1
          order by next_attempt_at limit $3 for update skip locked) due
        where m.id = due.id
        returning m.id, m.channel, m.kind, m.attempts, m.key_id, m.sealed,
          (select case m.channel when 'sms' then c.mobile else c.email end from holder_contact c
            where c.holder_id = m.holder_id) as address`,
      values: [now, claimedUntil, limit],
    });
    return rows.map((row) => ({
      id: row.id,
      channel: row.channel,
      kind: row.kind,
      attempts: row.attempts,
      content: { keyId: row.key_id, sealed: row.sealed },
      ...(row.address !== null && { to: row.address }),
    }));
  }

  async sent(id: MessageId, at: Date): Promise<void> {
    await this.#database.query({
      name: 'message-sent',
      text: `update message set state = 'sent', settled_at = $2, sealed = null, key_id = null
        where id = $1 and state = 'sending'`,
      values: [id, at],
    });
  }

  async failed(id: MessageId, at: Date, failure: MessageFailure, nextAttemptAt?: Date): Promise<void> {
    await this.#database.query(
      nextAttemptAt
        ? {
            name: 'message-postpone',
            text: `update message set state = 'waiting', next_attempt_at = $2 where id = $1 and state = 'sending'`,
            values: [id, nextAttemptAt],
          }
        : {
            name: 'message-give-up',
            text: `update message set state = 'failed', failure = $3, settled_at = $2, sealed = null, key_id = null
              where id = $1 and state = 'sending'`,
            values: [id, at, failure],
          },
    );
  }
}
