import type { Cacheable, OcspAnswer } from '../../ocsp/ocsp-answer.ts';

/** An HTTP response to an OCSP request. */
export interface OcspReply {
  status: number;
  /** Names and values in turns, as `writeHead` takes them. */
  head: string[];
  /** Absent: 304. */
  body?: Buffer;
  /** Whether it is kept, to be sent again. */
  isKept?: true;
  /** Of one that is kept: as it went over the wire last, and the end of the head that it has; whoever changes it drops this. */
  written?: { octets: Buffer; endOfHead: string } | undefined;
}

const RESPONSE_MEDIA_TYPE = 'application/ocsp-response';

/** An answer that is good now and for this caller only; RFC 5019 §6.2 keeps no-store and no-cache off authoritative answers. */
const NOT_TO_BE_REUSED = 'private, max-age=0, must-revalidate';
const NOT_TO_BE_STORED = 'no-store';

/** Where `cacheControl` stands in the head of a reply that may be kept. */
const CACHE_CONTROL_AT = 1;

/** Headers of RFC 5019 §6.2. */
export function replyOf(answer: OcspAnswer): OcspReply {
  const { body, cacheable } = answer;
  const head = [
    ...cachingOf(answer),
    'x-content-type-options',
    'nosniff',
    'content-type',
    RESPONSE_MEDIA_TYPE,
  ];
  head.push('content-length', String(body.length));
  // 200 also where the OCSPResponse says no (RFC 6960 appendix A.1.2); but whoever balances load or repeats requests looks at
  // the status, so being full is 503 (RFC 9110 §15.6.4) around the same tryLater.
  const reply: OcspReply = { status: answer.isOverloaded ? 503 : 200, head, body };
  if (cacheable) aged(reply, cacheable.maxAgeSeconds);
  return reply;
}

/** What is sent to who has a copy: the headers that renew it (RFC 9110 §15.4.5). */
export function notModified({ head }: OcspReply): OcspReply {
  const ofBody = head.indexOf('content-type');
  return { status: 304, head: head.slice(0, ofBody) };
}

/** Sets the max-age of a reply that may be kept. */
export function aged(reply: OcspReply, maxAgeSeconds: number): void {
  CACHE_CONTROL[maxAgeSeconds] ??= `max-age=${maxAgeSeconds}, public, no-transform, must-revalidate`;
  const cacheControl = CACHE_CONTROL[maxAgeSeconds];
  if (reply.head[CACHE_CONTROL_AT] === cacheControl) return;
  reply.head[CACHE_CONTROL_AT] = cacheControl;
  reply.written = undefined;
}

/** By max-age: at most as many as an answer's validity has seconds. */
const CACHE_CONTROL: string[] = [];

function cachingOf({ status, cacheable, retryAfterSeconds }: OcspAnswer): string[] {
  if (cacheable) return validatorsOf(cacheable);
  if (status === 'successful') return ['cache-control', NOT_TO_BE_REUSED];
  const head = ['cache-control', NOT_TO_BE_STORED];
  if (retryAfterSeconds !== undefined) head.push('retry-after', String(retryAfterSeconds));
  return head;
}

function validatorsOf({ etag, thisUpdate, nextUpdate }: Cacheable): string[] {
  return [
    ...['cache-control', ''],
    ...['etag', `"${etag}"`],
    ...['last-modified', thisUpdate.toUTCString()],
    ...['expires', nextUpdate.toUTCString()],
  ];
}
