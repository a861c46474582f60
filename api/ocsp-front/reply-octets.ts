import { STATUS_CODES } from 'node:http';

import type { Clock } from '../../core/clock.ts';
import type { OcspReply } from './ocsp-reply.ts';

/** Writes replies as they go over the wire (RFC 9112 §6), with the same fields that node:http adds. */
export class ReplyOctets {
  readonly #clock: Clock;
  readonly #keepAlive: string;
  #second = Number.NaN;
  #staying = '';
  #leaving = '';

  constructor(clock: Clock, keepAliveMilliseconds: number) {
    this.#clock = clock;
    this.#keepAlive = `Keep-Alive: timeout=${Math.floor(keepAliveMilliseconds / 1000)}\r\n`;
  }

  /** Never an old buffer with new contents, for a socket may still hold it; the same one while the reply and the time are the same. */
  of(reply: OcspReply, closes: boolean): Buffer {
    const endOfHead = this.#endOfHead(closes);
    if (reply.written?.endOfHead === endOfHead) return reply.written.octets;
    const octets = write(reply, endOfHead);
    if (reply.isKept) reply.written = { octets, endOfHead };
    return octets;
  }

  /** What the head ends with; Date has whole seconds. */
  #endOfHead(closes: boolean): string {
    const now = this.#clock.now();
    const second = Math.floor(now.getTime() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      const date = `Date: ${now.toUTCString()}\r\n`;
      this.#staying = `${date}Connection: keep-alive\r\n${this.#keepAlive}\r\n`;
      this.#leaving = `${date}Connection: close\r\n\r\n`;
    }
    return closes ? this.#leaving : this.#staying;
  }
}

function write({ status, head, body, isKept }: OcspReply, endOfHead: string): Buffer {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (let at = 0; at < head.length; at += 2) text += `${head[at]}: ${head[at + 1]}\r\n`;
  text += endOfHead;
  const length = text.length + (body?.length ?? 0);
  // What is kept is not from the pool, of which each would keep the octets of eight; what is sent once costs less from there.
  const octets = isKept ? Buffer.allocUnsafeSlow(length) : Buffer.allocUnsafe(length);
  octets.write(text, 'latin1');
  if (body) octets.set(body, text.length);
  return octets;
}
