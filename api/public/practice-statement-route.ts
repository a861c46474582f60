import { createHash } from 'node:crypto';

import type { TypedApp } from '../typed-app.ts';
import { namesEntityTag } from './entity-tag.ts';

/** The statement changes with a release of the software: a day lets it be found soon. */
const MAX_AGE_SECONDS = 86_400;

/**
 * `GET /cps`: the practice statement, where the CPS pointer of every certificate points (RFC 5280 §4.2.1.4). Plain text,
 * so that each browser shows it and none has to be told what Markdown is.
 */
export function practiceStatementRoute(app: TypedApp, practiceStatement: string): void {
  const etag = `"${createHash('sha256').update(practiceStatement).digest('base64url').slice(0, 22)}"`;
  app.get('/cps', { config: { access: 'public' }, schema: { hide: true } }, (request, reply) => {
    reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`).header('etag', etag);
    if (namesEntityTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.type('text/plain; charset=utf-8').send(practiceStatement);
  });
}
