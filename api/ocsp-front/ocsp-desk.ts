import type { Cacheable, OcspAnswer } from '../../ocsp/ocsp-answer.ts';
import type { OcspResponder } from '../../ocsp/responder.ts';
import { namesEntityTag } from '../public/entity-tag.ts';
import { ocspRequestInPath } from '../public/ocsp-request-in-path.ts';
import { KnownReplies } from './known-replies.ts';
import { OcspCounts } from './ocsp-counts.ts';
import { notModified, replyOf } from './ocsp-reply.ts';
import type { OcspReply } from './ocsp-reply.ts';
import type { RequestConditions } from './request-head.ts';

export type AskedResponder = Pick<OcspResponder, 'answer' | 'hosts'>;

/** What cannot be read as a request at all is answered as a malformed one. */
const NO_REQUEST = Buffer.alloc(0);

/** Longer requests and addresses are rare (signed, or for whole chains) and not worth the memory of being known. */
const KNOWN_OCTETS_MAX = 512;

/** Turns requests into replies, at once wherever that is possible; what is sent and received is others' business. */
export class OcspDesk {
  readonly counts = new OcspCounts();
  readonly #responder: AskedResponder;
  /** By authority: the same octets mean nothing at another's address. */
  readonly #posted = new Map<string, KnownReplies>();
  readonly #gotten = new KnownReplies();

  constructor(responder: AskedResponder) {
    this.#responder = responder;
  }

  hosts(authorityId: string): boolean {
    return this.#responder.hosts(authorityId);
  }

  /** `POST /ocsp/<ca>` with the body's octets, for an authority that is hosted. */
  post(authorityId: string, body: Buffer): OcspReply | Promise<OcspReply> {
    const known = this.#knownOf(authorityId);
    const octets = body.length <= KNOWN_OCTETS_MAX ? body.toString('latin1') : '';
    const reply = known.find(octets);
    if (reply) {
      this.counts.again += 1;
      return reply;
    }
    const answer = this.#responder.answer(body, authorityId);
    const made = (one: OcspAnswer) => this.#made(one, octets === '' ? undefined : known, octets);
    return answer instanceof Promise ? answer.then(made) : made(answer);
  }

  /** `GET /ocsp/<ca>/<base64>`: the address as it came, and what makes it a conditional request. */
  get(authorityId: string, url: string, conditions: RequestConditions): OcspReply | Promise<OcspReply> {
    const known = this.#gotten.find(url);
    if (known) {
      this.counts.again += 1;
      return isCopyCurrent(conditions, known.answer.cacheable) ? notModified(known) : known;
    }
    const answer = this.#responder.answer(ocspRequestInPath(url) ?? NO_REQUEST, authorityId);
    const made = (one: OcspAnswer) => {
      const reply = this.#made(one, url.length <= 2 * KNOWN_OCTETS_MAX ? this.#gotten : undefined, url);
      return one.cacheable && isCopyCurrent(conditions, one.cacheable) ? notModified(reply) : reply;
    };
    return answer instanceof Promise ? answer.then(made) : made(answer);
  }

  #made(answer: OcspAnswer, known: KnownReplies | undefined, request: string): OcspReply {
    this.counts.add(answer);
    return known ? known.reply(request, answer) : replyOf(answer);
  }

  #knownOf(authorityId: string): KnownReplies {
    let known = this.#posted.get(authorityId);
    if (!known) this.#posted.set(authorityId, (known = new KnownReplies()));
    return known;
  }
}

/** If-None-Match goes before If-Modified-Since (RFC 9110 §13.2.2). */
function isCopyCurrent(
  conditions: RequestConditions,
  { etag, thisUpdate, comparableByDate }: Cacheable,
): boolean {
  const tags = conditions['if-none-match'];
  if (tags !== undefined) return namesEntityTag(tags, `"${etag}"`);
  const since = conditions['if-modified-since'];
  return comparableByDate && since !== undefined && thisUpdate.getTime() <= Date.parse(since);
}
