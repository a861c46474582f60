import type { Transaction } from '../core/transaction.ts';
import type { Device } from '../signing/devices/device-login.ts';
import type { ClaimedPush, PushStore, PushSubscription } from '../signing/push/push-subscription.ts';
import type { SessionId } from '../signing/sessions/session.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface ClaimedRow {
  session_id: SessionId;
  token_sha256: Buffer;
  endpoint: string;
  p256dh: Buffer;
  auth_secret: Buffer;
  kid: string;
  attempts: number;
  expires_at: Date;
  is_waiting: boolean;
}

export class PgPushStore implements PushStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async subscribe(tx: Transaction, device: Device, subscription: PushSubscription): Promise<void> {
    const { authorityId, serialNumber, tokenSha256 } = device;
    await pg(tx).execute({
      name: 'push-subscription-elsewhere',
      text: `delete from push_subscription where authority_id = $1 and serial_number = $2 and endpoint = $3
        and token_sha256 <> $4`,
      values: [authorityId, serialNumber, subscription.endpoint, tokenSha256],
    });
    await pg(tx).execute({
      name: 'push-subscribe',
      text: `insert into push_subscription (token_sha256, authority_id, serial_number, endpoint, p256dh, auth_secret, kid,
          subscribed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (token_sha256) do update set endpoint = excluded.endpoint, p256dh = excluded.p256dh,
          auth_secret = excluded.auth_secret, kid = excluded.kid, subscribed_at = excluded.subscribed_at`,
      values: [
        tokenSha256,
        authorityId,
        serialNumber,
        subscription.endpoint,
        subscription.p256dh,
        subscription.authSecret,
        subscription.kid,
        subscription.subscribedAt,
      ],
    });
  }

  async unsubscribe(tx: Transaction, tokenSha256: Buffer): Promise<boolean> {
    const removed = await pg(tx).execute({
      text: 'delete from push_subscription where token_sha256 = $1',
      values: [tokenSha256],
    });
    return removed === 1;
  }

  async claim(now: Date, claimedUntil: Date, kids: readonly string[], limit: number): Promise<ClaimedPush[]> {
    const rows = await this.#database.query<ClaimedRow>({
      name: 'push-claim',
      text: `update push_delivery d set attempts = d.attempts + 1, next_attempt_at = $2
        from (select w.session_id, w.token_sha256 from push_delivery w
            join push_subscription p on p.token_sha256 = w.token_sha256
            where w.next_attempt_at <= $1 and p.kid = any($3::text[])
            order by w.next_attempt_at limit $4 for update of w skip locked) due,
          push_subscription p, signature_session s
        where d.session_id = due.session_id and d.token_sha256 = due.token_sha256
          and p.token_sha256 = d.token_sha256 and s.id = d.session_id
        returning d.session_id, d.token_sha256, d.attempts, d.expires_at, p.endpoint, p.p256dh, p.auth_secret, p.kid,
          s.state = 'CREATED' as is_waiting`,
      values: [now, claimedUntil, kids, limit],
    });
    return rows.map((row) => ({
      sessionId: row.session_id,
      tokenSha256: row.token_sha256,
      endpoint: row.endpoint,
      p256dh: row.p256dh,
      authSecret: row.auth_secret,
      kid: row.kid,
      attempts: row.attempts,
      expiresAt: row.expires_at,
      isWaiting: row.is_waiting,
    }));
  }

  async postpone({ sessionId, tokenSha256 }: ClaimedPush, until: Date): Promise<void> {
    await this.#database.query({
      name: 'push-postpone',
      text: 'update push_delivery set next_attempt_at = $3 where session_id = $1 and token_sha256 = $2',
      values: [sessionId, tokenSha256, until],
    });
  }

  async settle({ sessionId, tokenSha256 }: ClaimedPush): Promise<void> {
    await this.#database.query({
      name: 'push-settle',
      text: 'delete from push_delivery where session_id = $1 and token_sha256 = $2',
      values: [sessionId, tokenSha256],
    });
  }

  async drop(tokenSha256: Buffer): Promise<void> {
    await this.#database.query({
      name: 'push-drop',
      text: 'delete from push_subscription where token_sha256 = $1',
      values: [tokenSha256],
    });
  }

  async prune(now: Date): Promise<void> {
    await this.#database.query({ text: 'delete from push_delivery where expires_at <= $1', values: [now] });
  }
}
