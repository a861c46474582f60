import type { AuditLog } from '../../audit/audit-log.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import { queueMessage, sealMessage } from '../messages/queue-message.ts';
import type { OutboxHouse } from '../messages/queue-message.ts';
import type { MessageChannel, NewMessage } from '../messages/message.ts';
import type { DueReminder, ReminderStore } from './reminder.ts';
import { reminderText } from './reminder-text.ts';

export interface ReminderHouse extends OutboxHouse {
  reminders: ReminderStore;
  audit: AuditLog;
  transactions: TransactionRunner;
}

const SERVICE = { kind: 'service', id: 'reminders' } as const;

/** Certificates in one round; the next round takes the others. */
const REMINDERS_MAX = 200;
/** A reminder of a week ago reminds of nothing. */
const USEFUL_SECONDS = 6 * 24 * 3600;

/**
 * Queues what is due; returns how many holders it was due for. However many processes do so at once, each reminder is queued
 * once: the row that says so and the messages are of one transaction.
 */
export async function remindHolders(house: ReminderHouse): Promise<number> {
  const due = await house.reminders.due(house.clock.now(), REMINDERS_MAX);
  let reminded = 0;
  for (const reminder of due) if (await remind(house, reminder)) reminded += 1;
  return reminded;
}

async function remind(house: ReminderHouse, due: DueReminder): Promise<boolean> {
  const messages = await messagesOf(house, due);
  return house.transactions.transaction(async (tx) => {
    const at = house.clock.now();
    if (!(await house.reminders.insert(tx, due, messages.length, at))) return false;
    for (const message of messages) await queueMessage(house, tx, message);
    await house.audit.record(tx, {
      at,
      actor: SERVICE,
      action: 'remind-holder',
      outcome: 'accepted',
      subject: subjectOf(due),
      details: { daysBefore: due.daysBefore, channels: messages.map(({ channel }) => channel).join(' ') },
    });
    return true;
  });
}

function messagesOf(house: ReminderHouse, due: DueReminder): Promise<NewMessage[]> {
  const channels: MessageChannel[] = [
    ...(due.contact.mobile ? ['sms' as const] : []),
    ...(due.contact.email ? ['email' as const] : []),
  ];
  return Promise.all(
    channels.map((channel) =>
      sealMessage(house, {
        holderId: due.holderId,
        channel,
        kind: `expiry-${due.daysBefore}`,
        onceKey: `${subjectOf(due)}:${due.daysBefore}:${channel}`,
        text: reminderText(due),
        usefulSeconds: USEFUL_SECONDS,
      }),
    ),
  );
}

function subjectOf({ authorityId, serialNumber }: DueReminder): string {
  return `certificate:${authorityId}/${serialNumber.toString('hex')}`;
}
