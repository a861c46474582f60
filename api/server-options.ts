import { LogController } from 'fastify';
import type { FastifyBaseLogger } from 'fastify';

import { answerFrameworkError } from './answer-errors.ts';
import { answerUnreadableRequest } from './answer-unreadable-request.ts';
import { requestIdOf } from './request-ids.ts';

/** JSON bodies of the API; a certification request with its application stays far below. */
const BODY_OCTETS_MAX = 128 * 1024;
/** OCSP requests by GET stand in the path: RFC 5019 §5 limits them to 255 octets, older clients do not know that. */
const PATH_PARAMETER_CHARACTERS_MAX = 4096;
/** The API, which takes uploads, gives each body its own (limit-body-time.ts). */
const REQUEST_MILLISECONDS_MAX = 30_000;

/** What every HTTP server of this house has in common. */
export function serverOptions(logger: FastifyBaseLogger, trustedProxies: readonly string[] = []) {
  return {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestIdOf,
    // What comes on a connection that is still open while the service stops is answered, and the connection closed behind it.
    return503OnClosing: false,
    // Of everybody else, X-Forwarded-For is what anybody may write.
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: BODY_OCTETS_MAX,
    requestTimeout: REQUEST_MILLISECONDS_MAX,
    routerOptions: { maxParamLength: PATH_PARAMETER_CHARACTERS_MAX },
    // A request that carries what the schema does not know is refused, not trimmed; at its first fault, because a body can
    // hold a million of them.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array' as const, allErrors: false } },
    frameworkErrors: ((error, _request, reply) =>
      answerFrameworkError(error, reply)) satisfies FrameworkErrors,
    clientErrorHandler: answerUnreadableRequest,
  };
}

type FrameworkErrors = (
  error: Parameters<typeof answerFrameworkError>[0],
  request: unknown,
  reply: Parameters<typeof answerFrameworkError>[1],
) => void;
