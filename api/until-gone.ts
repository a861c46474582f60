import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Makes signals that fire when a request's client has gone, or when the service stops: nobody is waited for any longer. */
export function untilGone(app: FastifyInstance): (request: FastifyRequest) => AbortSignal {
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());
  return ({ raw }) => {
    const gone = new AbortController();
    raw.socket.once('close', () => gone.abort());
    return AbortSignal.any([stopping.signal, gone.signal]);
  };
}
