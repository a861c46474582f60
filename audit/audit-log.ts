import type { Transaction } from '../core/transaction.ts';
import type { AuditEvent } from './audit-event.ts';

/**
 * Where events are written: append-only, in the transaction of what they record, so that an action and its
 * event are durable together or not at all. A refusal is written in a transaction of its own.
 */
export interface AuditLog {
  record(tx: Transaction, event: AuditEvent): Promise<void>;
}

/** The same for batches: one statement, the order of the batch. */
export interface AuditBatchLog {
  recordAll(tx: Transaction, events: readonly AuditEvent[]): Promise<void>;
}

/** For stores that write an event by the one statement of what it records, which needs no transaction around it. */
export interface WrittenEvents {
  /** Tells of an event that is durable. */
  written(event: AuditEvent): void;
}
