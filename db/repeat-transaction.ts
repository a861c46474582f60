/** Undoes a transaction and asks for it to be run again, as the database does by itself after a serialization failure. */
export class RepeatTransaction extends Error {
  readonly code = '40001';

  constructor(cause: unknown) {
    super('the transaction has to be run again', { cause });
    this.name = 'RepeatTransaction';
  }
}
