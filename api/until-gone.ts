import type { FastifyInstance, FastifyReply } from 'fastify';

/** Makes signals that fire when a request's client has gone, or when the service stops: nobody is waited for any longer. */
export type UntilGone = (reply: FastifyReply) => AbortSignal;

export function untilGone(app: FastifyInstance): UntilGone {
  // A signal made of two (AbortSignal.any) would be remembered by the one that lives as long as the service.
  const waiting = new Set<AbortController>();
  app.addHook('preClose', async () => waiting.forEach((one) => one.abort()));
  return ({ raw }) => {
    const gone = new AbortController();
    waiting.add(gone);
    raw.once('close', () => {
      waiting.delete(gone);
      gone.abort();
    });
    return gone.signal;
  };
}
