import type { AuditEvent } from '../audit/audit-event.ts';
import type { AuditBatchLog, AuditLog, WrittenEvents } from '../audit/audit-log.ts';
import type { Transaction } from '../core/transaction.ts';
import { textArray, timestampArray } from './binary-array.ts';
import { pg } from './pg-transaction.ts';

const COLUMNS = 'at, actor_kind, actor_id, office_id, action, outcome, subject, refusal_code, details';
const TYPES = ['timestamptz', 'text', 'text', 'text', 'text', 'text', 'text', 'text', 'jsonb'];

export class PgAuditLog implements AuditLog, AuditBatchLog, WrittenEvents {
  /** Whoever counts stands in front. */
  readonly written: WrittenEvents['written'] = () => undefined;

  async record(tx: Transaction, event: AuditEvent): Promise<void> {
    await pg(tx).execute({
      name: 'audit-record',
      text: `insert into audit_event (${COLUMNS})
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: eventValues(event),
    });
  }

  async recordAll(tx: Transaction, events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    await pg(tx).execute({
      name: 'audit-record-all',
      text: `insert into audit_event (${COLUMNS})
        select e.at, e.actor_kind, e.actor_id, e.office_id, e.action, e.outcome, e.subject, e.refusal_code, e.details::jsonb
        from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
          $9::text[]) with ordinality
          as e (at, actor_kind, actor_id, office_id, action, outcome, subject, refusal_code, details, n)
        order by e.n`,
      values: [
        timestampArray(events.map(({ at }) => at)),
        textArray(events.map(({ actor }) => actor.kind)),
        textArray(events.map(({ actor }) => actor.id)),
        textArray(events.map(({ actor }) => actor.officeId ?? null)),
        textArray(events.map(({ action }) => action)),
        textArray(events.map(({ outcome }) => outcome)),
        textArray(events.map(({ subject }) => subject)),
        textArray(events.map(({ refusalCode }) => refusalCode ?? null)),
        textArray(events.map(({ details }) => JSON.stringify(details))),
      ],
    });
  }
}

/** Writes an event once for each row of `source`, within a greater statement; its values are parameters from `first` on. */
export function eventInsert(source: string, first: number): string {
  const values = TYPES.map((type, index) => `$${first + index}::${type}`).join(', ');
  return `insert into audit_event (${COLUMNS}) select ${values} from ${source}`;
}

export function eventValues(event: AuditEvent): unknown[] {
  return [
    event.at,
    event.actor.kind,
    event.actor.id,
    event.actor.officeId ?? null,
    event.action,
    event.outcome,
    event.subject,
    event.refusalCode ?? null,
    JSON.stringify(event.details),
  ];
}
