import type { Transaction } from '../core/transaction.ts';
import type { HolderId } from '../ra/holders/holder.ts';
import type { DueReminder, ReminderStore } from '../ra/reminders/reminder.ts';
import { APPLICATION_OF_ORIGIN } from './certificate-origin.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface DueRow {
  authority_id: string;
  serial_number: Buffer;
  not_after: Date;
  days_before: DueReminder['daysBefore'];
  holder_id: HolderId;
  mobile: string | null;
  email: string | null;
}

export class PgReminderStore implements ReminderStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async due(now: Date, limit: number): Promise<DueReminder[]> {
    const rows = await this.#database.query<DueRow>({
      name: 'reminders-due',
      text: `select c.authority_id, c.serial_number, c.not_after, d.days_before, h.id as holder_id, k.mobile, k.email
        from certificate c
        cross join lateral (select min(n) as days_before from unnest(array[90, 30, 7]) n
          where c.not_after <= $1::timestamptz + n * interval '1 day') d
        join application a on a.id = ${APPLICATION_OF_ORIGIN}
        join holder h on h.national_id = a.national_id
        left join holder_contact k on k.holder_id = h.id
        where c.not_after > $1 and c.not_after <= $1::timestamptz + interval '90 days'
          and not exists (select from reminder r where r.authority_id = c.authority_id
            and r.serial_number = c.serial_number and r.days_before <= d.days_before)
          and not exists (select from status_change s where s.authority_id = c.authority_id
            and s.serial_number = c.serial_number and s.event = 'revoked')
          and not exists (select from issuance_intent i
            join certificate n on n.authority_id = i.authority_id and n.serial_number = i.serial_number
            where i.holder_slot = (select o.holder_slot from issuance_intent o where o.authority_id = c.authority_id
                and o.serial_number = c.serial_number)
              and i.replaces_authority_id = c.authority_id and i.replaces_serial_number = c.serial_number)
        order by c.not_after limit $2`,
      values: [now, limit],
    });
    return rows.map((row) => ({
      authorityId: row.authority_id,
      serialNumber: row.serial_number,
      notAfter: row.not_after,
      daysBefore: row.days_before,
      holderId: row.holder_id,
      contact: { ...(row.mobile && { mobile: row.mobile }), ...(row.email && { email: row.email }) },
    }));
  }

  async insert(
    tx: Transaction,
    { authorityId, serialNumber, daysBefore }: DueReminder,
    messages: number,
    at: Date,
  ): Promise<boolean> {
    const inserted = await pg(tx).execute({
      name: 'reminder-insert',
      text: `insert into reminder (authority_id, serial_number, days_before, reminded_at, messages)
        values ($1, $2, $3, $4, $5) on conflict do nothing`,
      values: [authorityId, serialNumber, daysBefore, at, messages],
    });
    return inserted === 1;
  }
}
