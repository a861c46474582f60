import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

/** Causes that are followed; more than any error of this house has. */
const CAUSES_MAX = 5;
/** Of errors that were gathered, so many are shown. */
const ERRORS_MAX = 10;

/** A logger of JSON lines that writes of an error what finds its reason, and none of the rows that a database adds to it. */
export function makeLogger(level: string, destination: DestinationStream): Logger {
  return pino({ level, serializers: { err: (error: unknown) => loggable(error, CAUSES_MAX) } }, destination);
}

/**
 * PostgreSQL's `detail`, `where` and `internalQuery` repeat values of the failing row: names and national ids. So fields
 * are named here, not left out there.
 */
const FIELDS = ['code', 'context', 'severity', 'schema', 'table', 'column', 'constraint', 'routine'];

function loggable(error: unknown, causes: number): unknown {
  if (!(error instanceof Error)) return error;
  const fields = error as unknown as Record<string, unknown>;
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...Object.fromEntries(
      FIELDS.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
    ),
    ...(error instanceof AggregateError && {
      errors: error.errors.slice(0, ERRORS_MAX).map((one) => loggable(one, 0)),
    }),
    ...(error.cause !== undefined && causes > 0 && { cause: loggable(error.cause, causes - 1) }),
  };
}
