import { DomainError } from '../../core/errors.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import type { CertificationRequest } from '../../pki/certification-request.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { encodePem } from '../../pki/pem.ts';

/** What an OCSP node asks of the CAs: keys that it made, each for one of them, in the order in which it wants to use them. */
export interface ResponderRequests {
  nodeName: string;
  requests: { authorityId: string; keyReference: string; request: CertificationRequest }[];
}

interface WrittenRequests {
  version: 1;
  nodeName: string;
  requests: { authorityId: string; keyReference: string; certificationRequest: string }[];
}

/** Keys for ten years of six renewals each, for a dozen CAs: more is a mistake. */
const REQUESTS_MAX = 720;

const NOT_THIS = 'this is not a file of `mohr keys request-responders`';

/** JSON, for people too: nothing in it is secret, and each request is signed by its own key. */
export function writeResponderRequests({
  nodeName,
  requests,
}: {
  nodeName: string;
  requests: readonly { authorityId: string; keyReference: string; certificationRequest: Buffer }[];
}): string {
  const written: WrittenRequests = {
    version: 1,
    nodeName,
    requests: requests.map(({ certificationRequest, ...names }) => ({
      ...names,
      certificationRequest: encodePem('CERTIFICATE REQUEST', certificationRequest),
    })),
  };
  return `${JSON.stringify(written, undefined, 2)}\n`;
}

/** Throws DomainError `responder-requests-malformed`, and PkiError as `parseCertificationRequest` does. */
export function readResponderRequests(text: string): ResponderRequests {
  const { version, nodeName, requests } = parsed(text);
  if (version !== 1 || typeof nodeName !== 'string' || !Array.isArray(requests)) throw malformed();
  if (requests.length === 0 || requests.length > REQUESTS_MAX)
    throw new DomainError(
      'responder-requests-malformed',
      `${requests.length} requests, expected 1 to ${REQUESTS_MAX}`,
    );
  return { nodeName, requests: requests.map(readOne) };
}

/** Printed where the file is made and where it is read: the operator compares them, as nothing else says whose keys they are. */
export function sha256Line(text: string): string {
  return `SHA-256 ${digest('sha256', Buffer.from(text)).toString('hex')}\n`;
}

function readOne(one: unknown): ResponderRequests['requests'][number] {
  const { authorityId, keyReference, certificationRequest } = (one ?? {}) as Record<string, unknown>;
  if (
    typeof authorityId !== 'string' ||
    typeof keyReference !== 'string' ||
    typeof certificationRequest !== 'string'
  )
    throw malformed();
  return { authorityId, keyReference, request: parseCertificationRequest(certificationRequest) };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw malformed(cause);
  }
  throw malformed();
}

function malformed(cause?: unknown): DomainError {
  return new DomainError('responder-requests-malformed', NOT_THIS, { cause });
}
