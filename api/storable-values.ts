import { Readable } from 'node:stream';

import type { FastifyInstance } from 'fastify';

import { DomainError } from '../core/errors.ts';

/** U+0000, which PostgreSQL does not store, and halves of surrogate pairs, which UTF-8 does not have. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/**
 * Refuses with `text-malformed` or `number-malformed` what is valid JSON or a valid address and yet neither text nor number:
 * here for all routes, not in each schema. Infinity is how `1e400` reads, and no maximum of a schema stops it.
 */
export function refuseUnstorableValues(app: FastifyInstance): void {
  app.addHook('preHandler', async ({ body, query, params }) => {
    for (const value of leavesOf([body, query, params])) {
      if (typeof value === 'string' && UNSTORABLE.test(value))
        throw new DomainError('text-malformed', 'a text holds U+0000 or half of a surrogate pair');
      if (typeof value === 'number' && !Number.isFinite(value))
        throw new DomainError('number-malformed', 'a number is beyond all bounds');
    }
  });
}

/** Without recursion: where a route has no schema for its body, the body may be as deep as it is long. */
function* leavesOf(values: unknown[]): Generator<unknown> {
  const open = [...values];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) yield value;
    // A body that is read as it comes is no value yet.
    else if (!Buffer.isBuffer(value) && !(value instanceof Readable)) for (const inner of Object.values(value)) open.push(inner);
  }
}
