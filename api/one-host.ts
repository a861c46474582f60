import type { FastifyInstance } from 'fastify';

/**
 * Refuses what names two hosts, and ends its connection: node:http takes the first of them, and what stands in front may have taken
 * the other.
 *
 * @see RFC 9112 §3.2
 */
export function requireOneHost(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw }, reply) => {
    const names = raw.rawHeaders.filter((_, index) => index % 2 === 0);
    if (names.filter((name) => name.toLowerCase() === 'host').length <= 1) return;
    reply.header('connection', 'close');
    throw Object.assign(new Error('more than one Host'), { statusCode: 400 });
  });
}
