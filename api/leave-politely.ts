import type { FastifyInstance } from 'fastify';

/**
 * From when the process is about to stop, every answer ends its connection: balancers and clients that keep connections open
 * go to another node by themselves, between two requests, and lose none.
 */
export function leavePolitely(app: FastifyInstance, stopping: AbortSignal | undefined): void {
  if (!stopping) return;
  app.addHook('onSend', async (_request, reply) => {
    if (stopping.aborted) reply.header('connection', 'close');
  });
}
