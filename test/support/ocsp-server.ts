import type { AddressInfo } from 'node:net';

import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import { answerErrors } from '../../api/answer-errors.ts';
import { ocspRoutes } from '../../api/public/ocsp-routes.ts';
import type { OcspResponder } from '../../ocsp/responder.ts';

/** The OCSP routes alone, with the house's error answers, on a free loopback port until the test ends. */
export async function startOcspServer(
  t: { teardown(undo: () => Promise<void>): void },
  responder: Pick<OcspResponder, 'answer' | 'hosts'>,
): Promise<{ app: FastifyInstance; url: string }> {
  // Of all requests the same, so that answers can be compared.
  const app = fastify({ genReqId: () => '0'.repeat(32) });
  answerErrors(app);
  app.register(async (part) => ocspRoutes(part, { responder }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(async () => app.close());
  return { app, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` };
}
