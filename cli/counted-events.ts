import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

import type { AuditEvent } from '../audit/audit-event.ts';
import type { AuditBatchLog, AuditLog, WrittenEvents } from '../audit/audit-log.ts';

type EventLog = AuditLog & AuditBatchLog & WrittenEvents;

/**
 * An audit log that counts what passes: issuances, revocations, CRLs, decisions and refusals, by action. An event whose
 * transaction is undone afterwards stays counted; the log itself is the truth.
 */
export function countedEvents(log: EventLog, registry: Registry): EventLog {
  const events = new Counter({
    name: 'mohr_events_total',
    help: 'Events written to the audit log by this process, by action, outcome and code of the refusal.',
    labelNames: ['action', 'outcome', 'code'],
    registers: [registry],
  });
  const ended = new Counter({
    name: 'mohr_signature_sessions_ended_total',
    help: 'Signature sessions that ended in this process, by how.',
    labelNames: ['state'],
    registers: [registry],
  });
  const count = ({ action, outcome, refusalCode = '', details }: AuditEvent) => {
    events.inc({ action, outcome, code: refusalCode });
    if (action === 'end-signature-session') ended.inc({ state: String(details['state']) });
  };
  return {
    record: async (tx, event) => {
      await log.record(tx, event);
      count(event);
    },
    recordAll: async (tx, all) => {
      await log.recordAll(tx, all);
      for (const event of all) count(event);
    },
    written: (event) => {
      log.written(event);
      count(event);
    },
  };
}
