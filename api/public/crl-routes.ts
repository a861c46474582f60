import { Readable } from 'node:stream';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { PublishedCrl, PublishedCrls } from '../../ca/crl/crl-cache.ts';
import type { CrlScope } from '../../ca/crl/crl-scope.ts';
import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import { namesEntityTag } from './entity-tag.ts';
import { octetRange, octetsInRange } from './octet-range.ts';

export interface CrlRoutesOptions {
  crls: PublishedCrls;
  clock: Clock;
}

/**
 * Caches may keep a CRL for five minutes although it is valid for a day: a revocation is to be seen within ten
 * (DOMAIN §3), building and publishing included.
 */
const MAX_AGE_SECONDS = 300;

/** RFC 2585 §4.2. */
const CRL_MEDIA_TYPE = 'application/pkix-crl';

const ROUTE = { config: { access: 'public' as const }, schema: { hide: true } };

/** `GET /crl/<ca>.crl`, `/crl/<ca>/<shard>.crl` and `/crl/<ca>/delta.crl`: the CRL in force, DER (RFC 5280 §4.2.1.13). */
export function crlRoutes(app: FastifyInstance, { crls, clock }: CrlRoutesOptions): void {
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const scope = scopeOf(request.params as { ca?: string; file: string });
    const crl = scope && crls.current(scope);
    if (!crl) throw new DomainError('not-found', 'no such CRL');
    return send(request, reply, crl, clock.now());
  };
  for (const url of ['/crl/:file', '/crl/:ca/:file']) {
    app.route({ ...ROUTE, method: ['GET', 'HEAD'], url, handler: answer });
  }
}

function scopeOf({ ca, file }: { ca?: string; file: string }): CrlScope | undefined {
  const name = /^([a-z0-9-]{1,41})\.crl$/.exec(file)?.[1];
  if (name === undefined) return undefined;
  if (ca === undefined) return { authorityId: name, kind: 'complete' };
  if (name === 'delta') return { authorityId: ca, kind: 'delta' };
  return /^(0|[1-9][0-9]{0,2})$/.test(name)
    ? { authorityId: ca, kind: 'shard', shard: Number(name) }
    : undefined;
}

function send(request: FastifyRequest, reply: FastifyReply, crl: PublishedCrl, now: Date): FastifyReply {
  const remaining = Math.floor((crl.nextUpdate.getTime() - now.getTime()) / 1000);
  const maxAge = Math.max(0, Math.min(MAX_AGE_SECONDS, remaining));
  reply
    .header('cache-control', `public, max-age=${maxAge}, must-revalidate, no-transform`)
    .header('expires', new Date(now.getTime() + maxAge * 1000).toUTCString())
    .header('last-modified', crl.thisUpdate.toUTCString())
    .header('accept-ranges', 'bytes')
    .header('etag', crl.etag);
  if (isUnchanged(request, crl)) return reply.code(304).send();
  const range = request.method === 'GET' ? rangeOf(request, crl) : undefined;
  if (range === 'unsatisfiable')
    return reply.code(416).header('content-range', `bytes */${crl.octets}`).send();
  reply.type(CRL_MEDIA_TYPE);
  if (range) {
    const { first, last } = range;
    reply.code(206).header('content-range', `bytes ${first}-${last}/${crl.octets}`);
    reply.header('content-length', last - first + 1);
    return reply.send(Readable.from(octetsInRange(crl.der, range)));
  }
  reply.header('content-length', crl.octets);
  if (request.method === 'HEAD') return reply.send();
  return reply.send(crl.der.length === 1 ? crl.der[0] : Readable.from(crl.der));
}

/** A download goes on only where it is the same CRL still (RFC 9110 §13.1.5); a date does not say so within its second. */
function rangeOf(request: FastifyRequest, crl: PublishedCrl): ReturnType<typeof octetRange> {
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== crl.etag) return undefined;
  return octetRange(request.headers.range, crl.octets);
}

/** Conditional requests (RFC 9110 §13.2.2): If-Modified-Since counts only where there is no If-None-Match. */
function isUnchanged(request: FastifyRequest, crl: PublishedCrl): boolean {
  const tags = request.headers['if-none-match'];
  if (tags !== undefined) return namesEntityTag(tags, crl.etag);
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && crl.thisUpdate.getTime() <= since;
}
