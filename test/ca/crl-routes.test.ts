import fastify from 'fastify';
import t from 'tap';

import { crlRoutes } from '../../api/public/crl-routes.ts';
import { CrlCache } from '../../ca/crl/crl-cache.ts';
import type { CrlScope } from '../../ca/crl/crl-scope.ts';
import { ManualClock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import { CRL_NOW, MemoryCrlStore } from '../support/memory-crl-house.ts';

const at = (seconds: number) => new Date(CRL_NOW.getTime() + seconds * 1000);
const DAY = 86_400;

/** The routes over a cache with one complete CRL, shard 11 and a delta. */
async function fixture(t: { teardown(undo: () => unknown): void }) {
  const clock = new ManualClock(at(60));
  const cache = new CrlCache(new MemoryCrlStore());
  const put = (scope: CrlScope, crlNumber: number, ...der: Uint8Array[]) =>
    cache.put({ scope, crlNumber, thisUpdate: CRL_NOW, nextUpdate: at(DAY), lastChangeNumber: 0, der });
  put({ authorityId: 'bronze', kind: 'complete' }, 1, Buffer.from('complete-'), Buffer.from('crl'));
  put({ authorityId: 'bronze', kind: 'shard', shard: 11 }, 1, Buffer.from('shard'));
  put({ authorityId: 'bronze', kind: 'delta' }, 1, Buffer.from('delta'));
  const app = fastify();
  app.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof DomainError && error.code === 'not-found' ? 404 : 500).send(),
  );
  await app.register(async (part) => crlRoutes(part, { crls: cache, clock }));
  t.teardown(() => app.close());
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
  return { app, clock, put, get };
}

t.test('serves the three kinds of CRL as what they are', async (t) => {
  const { get } = await fixture(t);
  for (const [url, body] of [
    ['/crl/bronze.crl', 'complete-crl'],
    ['/crl/bronze/11.crl', 'shard'],
    ['/crl/bronze/delta.crl', 'delta'],
  ]) {
    const answer = await get(url);
    t.equal(answer.statusCode, 200);
    t.equal(answer.body, body);
    t.match(answer.headers, {
      'content-type': 'application/pkix-crl',
      'content-length': body.length,
      'last-modified': 'Mon, 15 Jun 2026 12:00:00 GMT',
      'cache-control': 'public, max-age=300, must-revalidate, no-transform',
      expires: 'Mon, 15 Jun 2026 12:06:00 GMT',
      etag: /^"[A-Za-z0-9_-]{22}"$/,
    });
  }
});

t.test('knows no other addresses', async (t) => {
  const { get } = await fixture(t);
  for (const url of [
    '/crl/silver.crl',
    '/crl/bronze',
    '/crl/bronze/4.crl',
    '/crl/bronze/011.crl',
    '/crl/bronze/11',
    '/crl/bronze/-1.crl',
    '/crl/bronze/complete.crl',
    '/crl/__proto__.crl',
    '/crl/bronze/..%2f11.crl',
  ]) {
    t.equal((await get(url)).statusCode, 404, url);
  }
});

t.test('HEAD says what GET would send, without sending it', async (t) => {
  const { app } = await fixture(t);
  const answer = await app.inject({ method: 'HEAD', url: '/crl/bronze.crl' });
  t.equal(answer.statusCode, 200);
  t.equal(answer.headers['content-length'], '12');
  t.equal(answer.body, '');
});

t.test('an unchanged CRL is not sent again', async (t) => {
  const { get, put } = await fixture(t);
  const etag = String((await get('/crl/bronze.crl')).headers.etag);
  const statusOf = async (headers: Record<string, string>) =>
    (await get('/crl/bronze.crl', headers)).statusCode;
  t.equal(await statusOf({ 'if-none-match': etag }), 304);
  t.equal(await statusOf({ 'if-none-match': `"other", W/${etag}` }), 304);
  t.equal(await statusOf({ 'if-none-match': '*' }), 304);
  t.equal(await statusOf({ 'if-none-match': '"other"' }), 200);
  t.equal(await statusOf({ 'if-modified-since': CRL_NOW.toUTCString() }), 304);
  t.equal(await statusOf({ 'if-modified-since': at(-1).toUTCString() }), 200);
  t.equal(await statusOf({ 'if-modified-since': 'yesterday' }), 200);
  t.equal(await statusOf({ 'if-none-match': '"other"', 'if-modified-since': CRL_NOW.toUTCString() }), 200);
  put({ authorityId: 'bronze', kind: 'complete' }, 2, Buffer.from('the next one'));
  t.equal(await statusOf({ 'if-none-match': etag }), 200);
});

t.test('caches keep a CRL no longer than it is valid', async (t) => {
  const { clock, get } = await fixture(t);
  const cacheControl = async () => (await get('/crl/bronze.crl')).headers['cache-control'];
  clock.set(at(DAY - 100));
  t.match(await cacheControl(), 'max-age=100,');
  clock.set(at(DAY + 100));
  t.match(await cacheControl(), 'max-age=0,');
});

t.test('an older CRL does not take the place of a newer one', async (t) => {
  const { get, put } = await fixture(t);
  put({ authorityId: 'bronze', kind: 'complete' }, 5, Buffer.from('five'));
  put({ authorityId: 'bronze', kind: 'complete' }, 4, Buffer.from('four'));
  t.equal((await get('/crl/bronze.crl')).body, 'five');
});

t.test('a large CRL in shared memory goes over a socket part by part', async (t) => {
  const { app, put } = await fixture(t);
  const parts = Array.from({ length: 40 }, (_, i) => new Uint8Array(new SharedArrayBuffer(65_536)).fill(i));
  put({ authorityId: 'bronze', kind: 'complete' }, 2, ...parts);
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const answer = await fetch(`${address}/crl/bronze.crl`);
  t.equal(answer.headers.get('content-length'), String(40 * 65_536));
  t.ok(Buffer.from(await answer.arrayBuffer()).equals(Buffer.concat(parts)));
});

t.test('a download that broke off goes on where it stopped, unless the CRL is another by now', async (t) => {
  const { get, put } = await fixture(t);
  const etag = String((await get('/crl/bronze.crl')).headers.etag);
  const ranges: [range: string, status: number, body: string, contentRange?: string][] = [
    ['bytes=0-3', 206, 'comp', 'bytes 0-3/12'],
    ['bytes=7-10', 206, 'e-cr', 'bytes 7-10/12'],
    ['bytes=9-', 206, 'crl', 'bytes 9-11/12'],
    ['bytes=-2', 206, 'rl', 'bytes 10-11/12'],
    ['bytes=-99', 206, 'complete-crl', 'bytes 0-11/12'],
    ['bytes=11-99', 206, 'l', 'bytes 11-11/12'],
    ['bytes=12-', 416, '', 'bytes */12'],
    ['bytes=-0', 416, '', 'bytes */12'],
    ['bytes=3-2', 200, 'complete-crl'],
    ['bytes=0-1,3-4', 200, 'complete-crl'],
    ['lines=0-1', 200, 'complete-crl'],
    ['bytes=-', 200, 'complete-crl'],
  ];
  for (const [range, status, body, contentRange] of ranges) {
    const answer = await get('/crl/bronze.crl', { range });
    t.equal(answer.statusCode, status, range);
    t.equal(answer.body, body, range);
    t.equal(answer.headers['content-range'], contentRange, range);
    t.equal(answer.headers['content-length'], String(body.length), range);
  }
  put({ authorityId: 'bronze', kind: 'complete' }, 2, Buffer.from('another crl'));
  const resumed = await get('/crl/bronze.crl', { range: 'bytes=4-', 'if-range': etag });
  t.equal(resumed.statusCode, 200);
  t.equal(resumed.body, 'another crl');
});
