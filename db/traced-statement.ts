import { tracingChannel } from 'node:diagnostics_channel';

import type { QueryConfig } from 'pg';

/** What is told of a statement: never its values. */
export interface TracedStatement {
  /** Name of the prepared statement, else its first word. */
  name: string;
}

/** Whoever traces subscribes here; without a subscriber a statement costs one look more. */
export const STATEMENTS = tracingChannel<'mohr.database.statement', TracedStatement>(
  'mohr.database.statement',
);

/** Runs a statement, and tells whoever listens when it began and ended. */
export function traced<Result>(
  { name, text }: Pick<QueryConfig, 'name' | 'text'>,
  run: () => Promise<Result>,
): Promise<Result> {
  if (!STATEMENTS.start.hasSubscribers) return run();
  return STATEMENTS.tracePromise(run, { name: name ?? FIRST_WORD.exec(text)?.[0] ?? 'statement' });
}

const FIRST_WORD = /[a-z]+/i;
