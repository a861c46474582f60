import type { CallbackFailure, CallbackStore, ClaimedCallback } from '../signing/callbacks/callback.ts';
import type { SessionId } from '../signing/sessions/session.ts';
import type { Database } from './database.ts';

interface ClaimedRow {
  session_id: SessionId;
  relying_party_id: string;
  callback_url: string;
  is_allowed: boolean;
  state: ClaimedCallback['state'];
  ended_at: Date;
  attempts: number;
}

export class PgCallbackStore implements CallbackStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async claim(now: Date, claimedUntil: Date, limit: number): Promise<ClaimedCallback[]> {
    const rows = await this.#database.query<ClaimedRow>({
      name: 'signature-callback-claim',
      text: `update signature_callback k set state = 'sending', attempts = k.attempts + 1, next_attempt_at = $2
        from (select session_id from signature_callback where state in ('waiting', 'sending') and next_attempt_at <= $1
            order by next_attempt_at limit $3 for update skip locked) due,
          signature_session s, relying_party p
        where k.session_id = due.session_id and s.id = k.session_id and p.id = s.relying_party_id
        returning k.session_id, k.attempts, s.relying_party_id, s.callback_url, s.state, s.ended_at,
          (s.callback_url = any(p.callback_urls) and p.disabled_at is null) as is_allowed`,
      values: [now, claimedUntil, limit],
    });
    return rows.map((row) => ({
      sessionId: row.session_id,
      relyingPartyId: row.relying_party_id,
      url: row.callback_url,
      isAllowed: row.is_allowed,
      state: row.state,
      endedAt: row.ended_at,
      attempts: row.attempts,
    }));
  }

  async sent(id: SessionId, at: Date): Promise<void> {
    await this.#database.query({
      name: 'signature-callback-sent',
      text: `update signature_callback set state = 'sent', settled_at = $2 where session_id = $1 and state = 'sending'`,
      values: [id, at],
    });
  }

  async failed(id: SessionId, at: Date, failure: CallbackFailure, nextAttemptAt?: Date): Promise<void> {
    await this.#database.query(
      nextAttemptAt
        ? {
            name: 'signature-callback-postpone',
            text: `update signature_callback set state = 'waiting', next_attempt_at = $2
              where session_id = $1 and state = 'sending'`,
            values: [id, nextAttemptAt],
          }
        : {
            name: 'signature-callback-give-up',
            text: `update signature_callback set state = 'failed', failure = $3, settled_at = $2
              where session_id = $1 and state = 'sending'`,
            values: [id, at, failure],
          },
    );
  }
}
