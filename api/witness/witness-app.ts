import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import type { FastifyBaseLogger } from 'fastify';

import { AuditError } from '../../audit/audit-error.ts';
import { parseAddCheckpoint } from '../../audit/witness/add-checkpoint.ts';
import { judgeCheckpoint } from '../../audit/witness/judge-checkpoint.ts';
import type { WitnessHouse, WitnessVerdict } from '../../audit/witness/judge-checkpoint.ts';
import { answerErrors } from '../answer-errors.ts';
import { healthRoutes } from '../health.ts';
import { serverOptions } from '../server-options.ts';
import type { TypedApp } from '../typed-app.ts';

/** A checkpoint with a hundred signatures, and a proof. */
const BODY_OCTETS_MAX = 65_536;

/** Statuses of c2sp.org/tlog-witness. */
const STATUS_OF: Readonly<Record<WitnessVerdict['outcome'], number>> = {
  cosigned: 200,
  'other-size': 409,
  'log-unknown': 404,
  'not-signed': 403,
  inconsistent: 422,
};

/** The HTTP side of a witness: `POST /add-checkpoint`. Does not listen yet. @see https://c2sp.org/tlog-witness */
export async function buildWitnessApp(house: WitnessHouse, logger: FastifyBaseLogger): Promise<TypedApp> {
  const app: TypedApp = fastify(serverOptions(logger)).withTypeProvider<TypeBoxTypeProvider>();
  answerErrors(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'string', bodyLimit: BODY_OCTETS_MAX },
    async (_request: unknown, body: string) => body,
  );
  healthRoutes(app, { readiness: {} });
  // One at a time: what is compared with the last checkpoint must be compared with the last one.
  let judging: Promise<unknown> = Promise.resolve();
  app.post('/add-checkpoint', { schema: { hide: true } }, async (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : '';
    const verdict = (judging = judging.catch(() => undefined).then(() => judge(house, body)));
    const { status, text, type } = answerOf((await verdict) as WitnessVerdict | undefined);
    return reply.code(status).type(type).send(text);
  });
  return app;
}

/** Undefined for what is no such request. */
async function judge(house: WitnessHouse, body: string): Promise<WitnessVerdict | undefined> {
  try {
    return await judgeCheckpoint(house, parseAddCheckpoint(body));
  } catch (error) {
    if (error instanceof AuditError) return undefined;
    throw error;
  }
}

function answerOf(verdict: WitnessVerdict | undefined): { status: number; text: string; type: string } {
  const plain = 'text/plain; charset=utf-8';
  if (!verdict) return { status: 400, text: '', type: plain };
  const status = STATUS_OF[verdict.outcome];
  if (verdict.outcome === 'cosigned') return { status, text: verdict.lines, type: plain };
  if (verdict.outcome === 'other-size')
    return { status, text: `${verdict.knownSize}\n`, type: 'text/x.tlog.size' };
  return { status, text: '', type: plain };
}
