/**
 * A running database transaction. Opaque here: only `db/` makes one and looks inside. Stores that write take
 * it as their first argument, so a write outside of a transaction does not compile.
 */
export interface Transaction {
  readonly kind: 'transaction';
}

/**
 * Runs work in one transaction: all of it is durable when the promise resolves, none of it when it rejects.
 * Calls do not nest; the work may be run again when the database asks for it (serialization failure).
 */
export interface TransactionRunner {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}
