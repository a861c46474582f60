import type { CouncilNumber } from '../core/council-number.ts';
import type { NationalId } from '../core/national-id.ts';
import type { Transaction } from '../core/transaction.ts';
import type { LicenceStanding } from '../ra/licence/licence-event.ts';
import type {
  LicenceHolder,
  LicenceOutcome,
  LicenceRefusal,
  LicenceStore,
  NewLicenceMessage,
  StoredLicenceMessage,
} from '../ra/licence/licence-store.ts';
import type { Database } from './database.ts';
import { HOLDER_COLUMNS, MESSAGE_COLUMNS, holderOf, messageOf } from './pg-licence-rows.ts';
import type { HolderRow, MessageRow } from './pg-licence-rows.ts';
import { pg } from './pg-transaction.ts';

export class PgLicenceStore implements LicenceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async lockHolder(
    tx: Transaction,
    { councilNumber: { group, digits }, nationalId }: Pick<LicenceHolder, 'councilNumber' | 'nationalId'>,
    now: Date,
  ): Promise<LicenceHolder> {
    await pg(tx).execute({
      name: 'licence-holder-insert',
      text: `insert into licence_holder (council_group, council_digits, national_id, standing, last_sequence, changed_at)
        values ($1, $2, $3, 'active', 0, $4) on conflict do nothing`,
      values: [group, digits, nationalId, now],
    });
    const [row] = await pg(tx).query<HolderRow>({
      name: 'licence-holder-lock',
      text: `select ${HOLDER_COLUMNS} from licence_holder where council_group = $1 and council_digits = $2 for update`,
      values: [group, digits],
    });
    return holderOf(row);
  }

  async updateHolder(tx: Transaction, holder: LicenceHolder, now: Date): Promise<void> {
    const { councilNumber, standing, lastSequence, lastMessageId } = holder;
    await pg(tx).execute({
      name: 'licence-holder-update',
      text: `update licence_holder set standing = $3, last_sequence = $4, last_message_id = $5, changed_at = $6
        where council_group = $1 and council_digits = $2`,
      values: [councilNumber.group, councilNumber.digits, standing, lastSequence, lastMessageId ?? null, now],
    });
  }

  async insertMessage(tx: Transaction, message: NewLicenceMessage): Promise<boolean> {
    const { councilNumber, refusal } = message;
    const inserted = await pg(tx).execute({
      name: 'licence-message-insert',
      text: `insert into licence_message (message_id, body, body_sha256, signature, received_at, received_by, council_group,
          council_digits, national_id, sequence, event, order_number, state, refusal, settled_at, next_attempt_at)
        values ($1, $2, $3, $4, $5::timestamptz, $6, $7, $8, $9, $10, $11, $12, $13, $14,
          case when $13 = 'waiting' then null else $5::timestamptz end, $5::timestamptz)
        on conflict (message_id) do nothing`,
      values: [
        message.messageId,
        message.body,
        message.bodySha256,
        message.signature,
        message.receivedAt,
        message.receivedBy,
        councilNumber.group,
        councilNumber.digits,
        message.nationalId,
        message.sequence,
        message.event,
        message.orderNumber ?? null,
        refusal ? 'refused' : 'waiting',
        refusal ?? null,
      ],
    });
    return inserted === 1;
  }

  async findMessage(tx: Transaction, messageId: string): Promise<StoredLicenceMessage | undefined> {
    const [row] = await pg(tx).query<MessageRow>({
      name: 'licence-message-find',
      text: `select ${MESSAGE_COLUMNS} from licence_message where message_id = $1`,
      values: [messageId],
    });
    return row && messageOf(row);
  }

  async messageAt(
    tx: Transaction,
    { group, digits }: CouncilNumber,
    sequence: number,
  ): Promise<StoredLicenceMessage | undefined> {
    const [row] = await pg(tx).query<MessageRow>({
      name: 'licence-message-at',
      text: `select ${MESSAGE_COLUMNS} from licence_message
        where council_group = $1 and council_digits = $2 and sequence = $3 and state <> 'refused'`,
      values: [group, digits, sequence],
    });
    return row && messageOf(row);
  }

  async settle(
    tx: Transaction,
    messageId: string,
    result: { outcome: LicenceOutcome } | { refusal: LicenceRefusal },
    now: Date,
  ): Promise<void> {
    const outcome = 'outcome' in result ? result.outcome : undefined;
    await pg(tx).execute({
      name: 'licence-message-settle',
      text: `update licence_message set state = $2, refusal = $3, held = $4, released = $5, revoked = $6, unchanged = $7,
        settled_at = $8 where message_id = $1`,
      values: [
        messageId,
        outcome ? 'applied' : 'refused',
        'refusal' in result ? result.refusal : null,
        outcome?.held ?? null,
        outcome?.released ?? null,
        outcome?.revoked ?? null,
        outcome?.unchanged ?? null,
        now,
      ],
    });
  }

  /** Waits twice as long each time, up to a minute. */
  async postpone(tx: Transaction, messageId: string, now: Date): Promise<void> {
    await pg(tx).execute({
      name: 'licence-message-postpone',
      text: `update licence_message set attempts = least(attempts + 1, 1000000),
          next_attempt_at = $2::timestamptz + least(power(2, least(attempts, 6)), 60) * interval '1 second'
        where message_id = $1 and state = 'waiting'`,
      values: [messageId, now],
    });
  }

  async dueHolders(now: Date, limit: number): Promise<Pick<LicenceHolder, 'councilNumber' | 'nationalId'>[]> {
    const rows = await this.#database.query<HolderRow>({
      name: 'licence-holders-due',
      text: `select ${HOLDER_COLUMNS.replace(/\w+/g, 'h.$&')} from licence_message m
        join licence_holder h on h.council_group = m.council_group and h.council_digits = m.council_digits
          and h.last_sequence + 1 = m.sequence
        where m.state = 'waiting' and m.next_attempt_at <= $1 order by m.next_attempt_at limit $2`,
      values: [now, limit],
    });
    return rows.map(holderOf);
  }

  async standingsOf({ group, digits }: CouncilNumber, nationalId: NationalId): Promise<LicenceStanding[]> {
    const rows = await this.#database.query<{ standing: LicenceStanding }>({
      name: 'licence-standings',
      text: `select standing from licence_holder where council_group = $1 and council_digits = $2
        union all
        select standing from licence_holder where national_id = $3 and standing = 'deceased'`,
      values: [group, digits, nationalId],
    });
    return rows.map(({ standing }) => standing);
  }

  async feedCursor(): Promise<string | undefined> {
    const [row] = await this.#database.query<{ cursor: string | null }>({
      name: 'licence-feed-cursor',
      text: 'select cursor from licence_feed',
    });
    return row.cursor ?? undefined;
  }

  async moveFeedCursor(tx: Transaction, before: string | undefined, after: string, now: Date): Promise<void> {
    await pg(tx).execute({
      name: 'licence-feed-move',
      text: 'update licence_feed set cursor = $2, moved_at = $3 where cursor is not distinct from $1',
      values: [before ?? null, after, now],
    });
  }
}
