import type { FastifyReply } from 'fastify';

import type { DomainError } from '../core/errors.ts';

/** Problem details (RFC 9457 §3); `code` is stable and what programs branch on. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  /** Further faults, e.g. each wrong field. */
  errors?: { field: string; detail: string }[];
  /** As in the log and in `X-Request-Id`; absent where HTTP could not be read. */
  requestId?: string;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/**
 * HTTP status of each refusal that is not 422 (understood, but not acceptable as it is). 5xx is what the house lacks: the
 * caller has done nothing wrong, and the same request may pass later.
 */
const STATUS_OF: Readonly<Record<string, number>> = {
  'application-unknown': 404,
  'proof-not-available': 404,
  'leaf-not-named': 400,
  'log-damaged': 503,
  'log-behind': 503,
  'log-forked': 503,
  'certificate-not-found': 404,
  'holder-unknown': 404,
  'office-unknown': 404,
  'inspection-unknown': 404,
  'inspection-closed': 409,
  'renewal-unknown': 404,
  'renewal-signature-malformed': 400,
  'renewal-document-malformed': 400,
  'renewal-signature-wrong': 403,
  'renewal-too-early': 409,
  'in-person-needed': 409,
  'renewal-subject-differs': 400,
  'renewal-over-tls': 403,
  'client-certificate-missing': 403,
  'tls-required': 403,
  'enrolment-credentials': 401,
  'enrolment-request-malformed': 400,
  'attestation-challenge-unknown': 409,
  'contact-missing': 409,
  'card-unknown': 404,
  'card-state': 409,
  'card-changed': 409,
  'card-known': 409,
  'card-batch-differs': 409,
  'card-not-written': 409,
  'personalisation-unknown': 404,
  'personalisation-open': 409,
  'personalisation-state': 409,
  'personalisation-key': 409,
  'personalisation-not-issued': 409,
  'evidence-unknown': 404,
  'legal-hold-unknown': 404,
  'evidence-deleted': 410,
  'evidence-too-large': 413,
  'evidence-type': 415,
  'evidence-missing': 500,
  'sealed-content-damaged': 500,
  'sealing-key-missing': 503,
  'certificate-unknown': 404,
  'authority-unknown': 404,
  'officer-unknown': 404,
  'passkey-unknown': 404,
  'officer-session-unknown': 404,
  'change-unknown': 404,
  'not-found': 404,
  'method-not-allowed': 405,
  'session-invalid': 401,
  'session-missing': 401,
  'login-link-invalid': 401,
  'assertion-invalid': 401,
  'certificate-not-accepted': 401,
  'proof-outdated': 403,
  'sign-count-regression': 403,
  'locked-out': 429,
  'batch-under-way': 429,
  'kept-verdict-unknown': 404,
  'kept-verdict-damaged': 500,
  'kept-verdicts-full': 503,
  'metrics-token': 401,
  'role-missing': 403,
  'self-service-refused': 403,
  'secret-missing': 400,
  'four-eyes': 403,
  'own-case': 403,
  'manager-approves': 403,
  'approval-invalid': 403,
  'approval-outdated': 409,
  'credential-in-use': 409,
  'officer-state': 409,
  'officer-has-credentials': 409,
  'roles-incompatible': 409,
  'change-state': 409,
  'change-pending': 409,
  'passkeys-too-many': 409,
  'cross-site-request': 403,
  'message-signature-invalid': 401,
  'message-signature-stale': 401,
  'licence-message-malformed': 400,
  'message-id-reused': 409,
  'sequence-used': 409,
  'sequence-too-far': 409,
  'holder-mismatch': 409,
  'holder-deceased': 409,
  'licence-not-active': 409,
  'register-unchecked': 409,
  'register-check-outdated': 409,
  'register-unavailable': 409,
  'instant-malformed': 400,
  'number-malformed': 400,
  'text-malformed': 400,
  'application-state': 409,
  'application-changed': 409,
  'idempotency-key-reused': 422,
  'key-in-use': 409,
  'key-reused': 409,
  'holder-has-certificate': 409,
  'replaced-unknown': 409,
  'renewal-early': 409,
  'renewal-late': 409,
  'authority-revoked': 409,
  'authority-expired': 409,
  'serial-taken': 409,
  'status-transition': 409,
  'authorization-missing': 500,
  'approval-differs': 500,
  'approval-credential': 500,
  'approval-signature': 500,
  'approval-used': 409,
  'activation-missing': 500,
  'attestation-differs': 500,
  'activation-unknown': 404,
  'activation-refused': 403,
  'activation-state': 409,
  'activations-too-many': 409,
  'signature-wrong': 500,
  'token-foreign': 500,
  'token-used': 500,
  'profile-invalid': 500,
  'ca-silent': 503,
  'request-unreadable': 500,
  'relying-party-unknown': 404,
  'relying-party-exists': 409,
  'relying-party-changed': 409,
  'relying-party-credentials': 409,
  'client-credential-unknown': 404,
  'client-not-accepted': 401,
  'client-token-invalid': 401,
  'holder-missing': 400,
  'callback-not-allowed': 403,
  'device-not-accepted': 401,
  'device-token-invalid': 401,
  'documents-too-large': 413,
  'credential-unknown': 404,
  'digests-not-allowed': 403,
  'digests-not-signed': 409,
  'digest-signed-before': 409,
  'credential-not-valid': 409,
  'credential-blocked': 409,
  'time-stamp-missing': 503,
  'time-not-available': 503,
  'time-stamping-unit-missing': 503,
  'validation-material-missing': 503,
  'session-unknown': 404,
  'session-state': 409,
  'session-open': 409,
  'display-differs': 409,
  'code-not-confirmed': 409,
  'signature-replayed': 409,
  'push-not-offered': 404,
  'push-endpoint-not-allowed': 403,
  'push-key-unknown': 409,
  'pairing-unknown': 404,
  'pairing-used': 409,
  'pairing-expired': 409,
  'pairing-for-another': 403,
  'signature-evidence-unknown': 404,
  'signature-evidence-deleted': 410,
  'signature-evidence-missing': 500,
  'console-not-built': 503,
  'database-unreachable': 503,
  'key-unavailable': 503,
  'key-busy': 503,
  'token-not-found': 503,
  'status-source-failed': 503,
  'status-history-broken': 503,
  overloaded: 503,
};

/** A database that restarts is back after some seconds. */
const RETRY_AFTER_SECONDS = 5;

/** Text of each status; the code says the rest. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  408: 'Request timeout',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  422: 'Refused',
  429: 'Too many requests',
  431: 'Header fields too large',
  500: 'Internal error',
  503: 'Not available now',
};

export function problemOf(error: DomainError): Problem {
  return problem(STATUS_OF[error.code] ?? 422, error.code, error.detail);
}

export function problem(status: number, code: string, detail: string): Problem {
  return { type: `urn:mohr:problem:${code}`, title: TITLES[status] ?? 'Refused', status, code, detail };
}

export function sendProblem(reply: FastifyReply, body: Problem): FastifyReply {
  if (body.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  // A problem says how things are now: it is never cached.
  return reply
    .code(body.status)
    .header('cache-control', 'no-store')
    .type(PROBLEM_MEDIA_TYPE)
    .send({ ...body, requestId: reply.request.id });
}
