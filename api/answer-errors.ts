import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { DomainError } from '../core/errors.ts';
import { actorOf } from '../ra/officer.ts';
import type { ApiServices } from './api-services.ts';
import { problem, problemOf, sendProblem } from './problem.ts';
import type { Problem } from './problem.ts';

/** Makes a problem document of every error, and records what an officer was refused. */
export function answerErrors(app: FastifyInstance, services: ApiServices): void {
  app.setErrorHandler(async (error: FastifyError | DomainError, request, reply) => {
    const answer = toProblem(error);
    log(error, request, answer);
    await recordRefusal(services, request, answer);
    return sendProblem(reply, answer);
  });
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) =>
    sendProblem(reply, problem(404, 'not-found', `nothing is at ${request.method} ${pathOf(request)}`)),
  );
}

function toProblem(error: FastifyError | DomainError): Problem {
  if (error instanceof DomainError) return problemOf(error);
  if (error.validation) {
    const faults = error.validation.map((fault) => ({
      field: `${error.validationContext ?? 'body'}${fault.instancePath}`,
      detail: fault.message ?? 'not as the schema says',
    }));
    return { ...problem(400, 'request-malformed', 'the request is not as its schema says'), errors: faults };
  }
  // Fastify's own refusals (body too large, wrong media type, JSON that cannot be read) say what is wrong and nothing else.
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return problem(error.statusCode, CODES[error.code] ?? 'request-malformed', error.message);
  }
  return problem(500, 'internal-error', 'something went wrong here; it has been logged');
}

const CODES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request-malformed',
};

function log(error: Error, request: FastifyRequest, answer: Problem): void {
  if (answer.status >= 500) request.log.error({ err: error }, 'request failed');
  else request.log.info({ code: answer.code, status: answer.status }, 'request refused');
}

/** An anonymous request is nobody's action: it is logged, not recorded, so that nobody can fill the audit log. */
async function recordRefusal(services: ApiServices, request: FastifyRequest, answer: Problem): Promise<void> {
  const action = operationOf(request);
  if (!request.officer || request.method === 'GET' || !action || answer.status >= 500) return;
  const actor = actorOf(request.officer);
  await services.transactions.transaction((tx) =>
    services.audit.record(tx, {
      at: services.clock.now(),
      actor,
      action,
      outcome: 'refused',
      subject: pathOf(request),
      refusalCode: answer.code,
      details: {},
    }),
  );
}

/** Name that the route has in OpenAPI; the audit log uses the same. */
function operationOf(request: FastifyRequest): string | undefined {
  const schema = request.routeOptions.schema as { operationId?: string } | undefined;
  return schema?.operationId;
}

/** Without the query, which may hold what somebody searched for. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0].slice(0, 200);
}
