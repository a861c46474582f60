import type { AuditEvent } from '../audit/audit-event.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Transaction } from '../core/transaction.ts';
import { pg } from './pg-transaction.ts';

export class PgAuditLog implements AuditLog {
  async record(tx: Transaction, event: AuditEvent): Promise<void> {
    await pg(tx).execute({
      name: 'audit-record',
      text: `insert into audit_event (at, actor_kind, actor_id, office_id, action, outcome, subject, refusal_code, details)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        event.at,
        event.actor.kind,
        event.actor.id,
        event.actor.officeId ?? null,
        event.action,
        event.outcome,
        event.subject,
        event.refusalCode ?? null,
        JSON.stringify(event.details),
      ],
    });
  }
}
