import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';

import { DomainError } from '../../core/errors.ts';
import { CscError } from '../../signing/csc/csc-error.ts';
import { problemOf } from '../problem.ts';
import { NOT_OFFERED } from './methods-not-offered.ts';

const CscErrorSchema = Type.Object(
  { error: Type.String(), error_description: Type.String() },
  { description: 'CSC API v2.0.0.2 §10.2' },
);

/** Refusals that every method may give. */
export const cscRefusals = { '4xx': CscErrorSchema, '5xx': CscErrorSchema };

interface Refusal {
  status: number;
  error: string;
  description: string;
}

/** §10.1 has no other statuses for a method's own refusals. */
const STATUS_OF: Readonly<Record<string, number>> = { invalid_token: 401, not_implemented: 501 };

/** Errors below the CSC API are told in its own words, and what is not there is not implemented (§10.1). */
export function answerInCscWords(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | DomainError, request, reply) => {
    const refusal = refusalOf(error);
    if (refusal.status >= 500) request.log.error({ err: error }, 'request failed');
    else request.log.info({ code: refusal.error, status: refusal.status }, 'request refused');
    return refuse(reply, refusal);
  });
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    if (request.method !== 'POST') return refuse(reply, NOT_A_METHOD);
    const method = methodOf(request);
    const description = NOT_OFFERED[method] ?? `The method ${method} is not implemented`;
    return refuse(reply, { status: 501, error: 'not_implemented', description });
  });
}

/** §7.1: all methods are called by POST. */
const NOT_A_METHOD: Refusal = {
  status: 404,
  error: 'invalid_request',
  description: 'Methods are called by POST',
};

function refuse(reply: FastifyReply, { status, error, description }: Refusal): FastifyReply {
  if (status === 401) reply.header('www-authenticate', `Bearer error="${error}"`);
  reply.code(status).header('cache-control', 'no-store').type('application/json');
  return reply.send({ error, error_description: description });
}

function refusalOf(error: FastifyError | DomainError): Refusal {
  if (error instanceof CscError)
    return { status: STATUS_OF[error.code] ?? 400, error: error.code, description: error.detail };
  if (error instanceof DomainError) return refusalOfHouse(error);
  if (error.validation) return invalid(validationText(error));
  if (error.statusCode === 429)
    return { status: 429, error: 'temporarily_unavailable', description: 'Too many requests' };
  // The framework's own: a body that is too large, of another type, or no JSON.
  if (error.statusCode !== undefined && error.statusCode < 500) return invalid('The request cannot be read');
  return { status: 500, error: 'server_error', description: 'The service met an unexpected condition' };
}

function refusalOfHouse(error: DomainError): Refusal {
  const { status } = problemOf(error);
  if (status === 503)
    return { status, error: 'temporarily_unavailable', description: 'The service is not available now' };
  if (status >= 500)
    return { status: 500, error: 'server_error', description: 'The service met an unexpected condition' };
  return invalid(error.detail);
}

function invalid(description: string): Refusal {
  return { status: 400, error: 'invalid_request', description };
}

/** Members whose type the specification names in its refusals; the others are strings. */
const TYPES: Readonly<Record<string, string>> = {
  numSignatures: 'integer',
  hashes: 'array',
  documents: 'array',
  documentDigests: 'object',
};

/** `Missing (or invalid type) … parameter …` or `Invalid parameter …`, as in the tables of §11. */
function validationText({ validation = [], validationContext }: FastifyError): string {
  const [fault] = validation;
  const { missingProperty } = fault.params as { missingProperty?: string };
  const path = fault.instancePath.split('/').filter((step) => step !== '' && !/^\d+$/.test(step));
  const name = missingProperty ?? path.at(-1);
  if (name === undefined || validationContext !== 'body') return 'The request is malformed';
  if (missingProperty === undefined && fault.keyword !== 'type') return `Invalid parameter ${name}`;
  return `Missing (or invalid type) ${TYPES[name] ?? 'string'} parameter ${name}`;
}

/** Without the query, and without what an error message could be made of. */
function methodOf({ url }: FastifyRequest): string {
  const [, , , ...method] = url.split('?', 1)[0].split('/');
  const name = method.join('/');
  return /^[A-Za-z/0-9]{1,60}$/.test(name) ? name : 'of this address';
}
