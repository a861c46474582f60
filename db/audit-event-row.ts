import type { AuditEvent } from '../audit/audit-event.ts';
import type { RecordedEvent } from '../audit/log-leaf.ts';
import type { SequencedEvent } from '../audit/transparency-store.ts';

export const EVENT_COLUMNS =
  'e.id, e.at, e.actor_kind, e.actor_id, e.office_id, e.action, e.outcome, e.subject, e.refusal_code, e.details';

export interface AuditEventRow {
  id: string;
  at: Date;
  actor_kind: AuditEvent['actor']['kind'];
  actor_id: string;
  office_id: string | null;
  action: string;
  outcome: AuditEvent['outcome'];
  subject: string;
  refusal_code: string | null;
  details: AuditEvent['details'];
}

export type LeafRow = AuditEventRow & { leaf_index: string; commitment: Buffer; leaf_hash: Buffer };

export function recordedEventOf(row: AuditEventRow): RecordedEvent {
  return {
    id: Number(row.id),
    at: row.at,
    actor: {
      kind: row.actor_kind,
      id: row.actor_id,
      ...(row.office_id !== null && { officeId: row.office_id }),
    },
    action: row.action,
    outcome: row.outcome,
    subject: row.subject,
    ...(row.refusal_code !== null && { refusalCode: row.refusal_code }),
    details: row.details,
  };
}

export function sequencedEventOf(row: LeafRow): SequencedEvent {
  return {
    leafIndex: Number(row.leaf_index),
    event: recordedEventOf(row),
    commitment: row.commitment,
    leafHash: row.leaf_hash,
  };
}
