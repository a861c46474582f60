import { errorCode } from '../core/errors.ts';
import { DbError } from './db-error.ts';

/** SQLSTATE classes: connection exception, invalid authorization, unknown database, insufficient resources (PostgreSQL appendix A). */
const CLASSES = ['08', '28', '3D', '53'];

/** Shutdown, crash of a neighbour and start-up of the server; a server that has become a read-only replica. */
const STATES = new Set(['57P01', '57P02', '57P03', '25006']);

const SYSTEM_CODES = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** What `pg` and its pool say without a code. */
const MESSAGES =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|Query read timeout|timeout exceeded when trying to connect)/;

/** The error as callers see it: DbError `database-unreachable` when the server cannot be had now, else the same error. */
export function asDbError(error: unknown): unknown {
  if (!isConnectionFault(error)) return error;
  return new DbError('database-unreachable', 'the database cannot be had at the moment; try again', {
    cause: error,
  });
}

function isConnectionFault(error: unknown): boolean {
  const code = errorCode(error);
  if (code === undefined) return error instanceof Error && MESSAGES.test(error.message);
  if (SYSTEM_CODES.has(code) || STATES.has(code)) return true;
  return /^[0-9A-Z]{5}$/.test(code) && CLASSES.includes(code.slice(0, 2));
}
