import type { OcspAnswer } from '../../ocsp/ocsp-answer.ts';
import { aged, replyOf } from './ocsp-reply.ts';
import type { OcspReply } from './ocsp-reply.ts';

/** A reply that is right for the same octets again, for as long as its answer says so. */
export interface KnownReply extends OcspReply {
  body: Buffer;
  answer: OcspAnswer & Required<Pick<OcspAnswer, 'maxAgeAgain' | 'cacheable'>>;
}

/** As many as a key keeps prepared. With key, head and octets as they were sent last, each takes 2 to 3 KB: 50 MB at most. */
const REPLIES_MAX = 16_384;

/**
 * Replies by the exact octets of a request, or by the whole address of a GET: who asks the same again is answered without
 * anybody reading the request. Whether a reply still stands is asked of its answer each time.
 */
export class KnownReplies {
  readonly #replies = new Map<string, KnownReply>();

  /** The reply with the max-age that it has now; undefined when there is none, or none any more. */
  find(request: string): KnownReply | undefined {
    const known = this.#replies.get(request);
    if (known === undefined) return undefined;
    const maxAgeSeconds = known.answer.maxAgeAgain();
    if (maxAgeSeconds < 0) {
      this.#replies.delete(request);
      return undefined;
    }
    aged(known, maxAgeSeconds);
    return known;
  }

  /** Makes the reply, and keeps it where the answer allows; the oldest gives way when there are too many. */
  reply(request: string, answer: OcspAnswer): OcspReply {
    const reply = replyOf(answer);
    const { maxAgeAgain, cacheable } = answer;
    if (!maxAgeAgain || !cacheable) return reply;
    this.#replies.set(request, {
      ...reply,
      isKept: true,
      body: answer.body,
      answer: { ...answer, maxAgeAgain, cacheable },
    });
    if (this.#replies.size > REPLIES_MAX) this.#dropOldest();
    return reply;
  }

  #dropOldest(): void {
    for (const oldest of this.#replies.keys()) {
      this.#replies.delete(oldest);
      return;
    }
  }
}
