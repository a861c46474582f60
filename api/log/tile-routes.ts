import type { FastifyReply } from 'fastify';

import { encodeLeaf, leafOf } from '../../audit/log-leaf.ts';
import { encodeEntryBundle } from '../../audit/merkle/entry-bundle.ts';
import { TILE_WIDTH } from '../../audit/merkle/hash-source.ts';
import { parseTilePath } from '../../audit/merkle/tile-path.ts';
import type { TileName } from '../../audit/merkle/tile-path.ts';
import { cosigned } from '../../audit/prove-event.ts';
import type { TransparencyStore } from '../../audit/transparency-store.ts';
import { DomainError } from '../../core/errors.ts';
import type { TypedApp } from '../typed-app.ts';
import type { LogServices } from './log-services.ts';

/** What a tile holds never changes. */
const TILE_CACHE = 'public, max-age=31536000, immutable';
/** A checkpoint is replaced every few seconds. */
const CHECKPOINT_CACHE = 'no-cache';

const config = { access: 'public' as const };
const schema = { hide: true };

/** Ten minutes each: a week of them. */
const STAMPED_MAX = 1_000;

/** `GET /log/checkpoint…`, `/log/time-stamps` and `/log/tile/…`: the log for whoever verifies it. @see https://c2sp.org/tlog-tiles */
export function tileRoutes(app: TypedApp, services: { log: LogServices }): void {
  app.get('/log/checkpoint', { config, schema }, async (_request, reply) => {
    const checkpoint = await services.log.transparency.latestCheckpoint();
    if (!checkpoint) throw notFound();
    return sendText(reply, CHECKPOINT_CACHE, await cosigned(services.log.transparency, checkpoint));
  });
  app.get('/log/checkpoint/:size', { config, schema }, async (request, reply) => {
    const checkpoint = await services.log.transparency.checkpointOf(sizeOf(request.params));
    if (!checkpoint) throw notFound();
    return sendText(reply, CHECKPOINT_CACHE, await cosigned(services.log.transparency, checkpoint));
  });
  app.get('/log/checkpoint/:size/time-stamp', { config, schema }, async (request, reply) => {
    const token = await services.log.transparency.stampOf(sizeOf(request.params));
    if (!token) throw notFound();
    return reply.header('cache-control', TILE_CACHE).type('application/timestamp-token').send(token);
  });
  // Cosignatures come later than the stamp, which is over what the log itself has signed.
  app.get('/log/checkpoint/:size/stamped', { config, schema }, async (request, reply) => {
    const { transparency } = services.log;
    const size = sizeOf(request.params);
    const checkpoint = (await transparency.stampOf(size)) && (await transparency.checkpointOf(size));
    if (!checkpoint) throw notFound();
    return sendText(reply, TILE_CACHE, checkpoint.note);
  });
  app.get('/log/time-stamps', { config, schema }, async (request, reply) => {
    const { below } = request.query as { below?: string };
    const limit = below === undefined ? Number.MAX_SAFE_INTEGER : sizeOf({ size: below });
    const sizes = await services.log.transparency.stampedSizes(limit, STAMPED_MAX);
    return sendText(reply, CHECKPOINT_CACHE, sizes.map((size) => `${size}\n`).join(''));
  });
  app.get('/log/tile/*', { config, schema }, async (request, reply) => {
    const tile = parseTilePath((request.params as { '*': string })['*']);
    const octets = tile && (await tileOf(services.log.transparency, tile));
    if (!octets) throw notFound();
    return reply.header('cache-control', TILE_CACHE).type('application/octet-stream').send(octets);
  });
}

/** Undefined for what the tree does not have, or has another part of. */
async function tileOf(
  log: TransparencyStore,
  { level, index, width }: TileName,
): Promise<Buffer | undefined> {
  const start = index * TILE_WIDTH;
  const size = await log.treeSize();
  const unit = level === 'entries' ? 1 : TILE_WIDTH ** level;
  if (start + width > Math.floor(size / unit)) return undefined;
  if (level !== 'entries') return log.hashes(level, start, width);
  const leaves = await log.leaves(start, width);
  return encodeEntryBundle(leaves.map(({ event, commitment }) => encodeLeaf(leafOf(event, commitment))));
}

function sizeOf(params: unknown): number {
  const { size } = params as { size: string };
  if (!/^[1-9]\d{0,14}$/.test(size)) throw notFound();
  return Number(size);
}

function sendText(reply: FastifyReply, cache: string, text: string): FastifyReply {
  return reply.header('cache-control', cache).type('text/plain; charset=utf-8').send(text);
}

function notFound(): DomainError {
  return new DomainError('not-found', 'the log has no such tile or checkpoint');
}
