import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { DomainError } from '../core/errors.ts';
import { actorOf } from '../ra/officer.ts';
import type { ApiServices } from './api-services.ts';
import { problem, problemOf, sendProblem } from './problem.ts';
import type { Problem } from './problem.ts';

/** Where refusals of officers are recorded. */
type RefusalLog = Pick<ApiServices, 'audit' | 'clock' | 'transactions'>;

/** Makes a problem document of every error, and records what an officer was refused; without services, nobody signs in. */
export function answerErrors(app: FastifyInstance, services?: RefusalLog): void {
  app.setErrorHandler(async (error: FastifyError | DomainError, request, reply) => {
    const refusal = toProblem(error);
    log(error, request, refusal);
    return sendProblem(reply, await recorded(services, request, refusal));
  });
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) =>
    sendProblem(reply, problem(404, 'not-found', `nothing is at ${request.method} ${pathOf(request)}`)),
  );
}

/** For errors that come before any route: an address that cannot be decoded, or is too long. */
export function answerFrameworkError(error: FastifyError, reply: FastifyReply): void {
  sendProblem(reply, toProblem(error));
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
    const detail = error.message.slice(0, DETAIL_CHARACTERS_MAX);
    return problem(error.statusCode, CODES[error.statusCode] ?? 'request-malformed', detail);
  }
  return problem(500, 'internal-error', 'something went wrong here; it has been logged');
}

/** Some messages repeat the address that was asked for. */
const DETAIL_CHARACTERS_MAX = 200;

/** Codes of the framework's refusals that say more than `request-malformed`. */
const CODES: Readonly<Record<number, string>> = {
  413: 'request-too-large',
  414: 'address-too-long',
  415: 'media-type-unsupported',
  429: 'too-many-requests',
};

function log(error: Error, request: FastifyRequest, answer: Problem): void {
  if (answer.status >= 500) request.log.error({ err: error }, 'request failed');
  else request.log.info({ code: answer.code, status: answer.status }, 'request refused');
}

/**
 * The refusal, once its event is durable; when the event cannot be written, why not. An anonymous request is nobody's
 * action: it is logged, not recorded, so that nobody can fill the audit log.
 */
async function recorded(
  services: RefusalLog | undefined,
  request: FastifyRequest,
  refusal: Problem,
): Promise<Problem> {
  const { officer } = request;
  const action = operationOf(request);
  if (!services || !officer || !action || isRead(request) || refusal.status >= 500) return refusal;
  const event = {
    at: services.clock.now(),
    actor: actorOf(officer),
    action,
    outcome: 'refused' as const,
    subject: pathOf(request),
    refusalCode: refusal.code,
    details: {},
  };
  try {
    await services.transactions.transaction((tx) => services.audit.record(tx, event));
    return refusal;
  } catch (error) {
    const failure = toProblem(error as Error & FastifyError);
    log(error as Error, request, failure);
    return failure;
  }
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Name that the route has in OpenAPI; the audit log uses the same. */
function operationOf(request: FastifyRequest): string | undefined {
  const schema = request.routeOptions.schema;
  return schema?.operationId;
}

/** Without the query, which may hold what somebody searched for. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0].slice(0, 200);
}
