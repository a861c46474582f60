import { randomBytes } from 'node:crypto';

import { digestOid } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { encodeTimeStampRequest } from '../../pki/tsp/time-stamp-request.ts';
import { TIME_STAMP_RESPONSE_OCTETS_MAX, parseTimeStampResponse } from '../../pki/tsp/time-stamp-response.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import type { TimeStamper } from '../../signing/signature-level.ts';
import { SigningError } from '../../signing/signing-error.ts';

const TIMEOUT_MILLISECONDS = 10_000;
const NONCE_OCTETS = 8;

/** Asks a time-stamping authority over HTTP (RFC 3161 §3.4). */
export class HttpTimeStamper implements TimeStamper {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Rejects with SigningError `time-stamp-missing`. */
  async stamp(digest: DigestName, hash: Uint8Array): Promise<Buffer> {
    const nonce = randomBytes(NONCE_OCTETS);
    nonce[0] = 0x40 | (nonce[0] & 0x3f);
    const request = { digestOid: digestOid(digest), hash: Buffer.from(hash), nonce, certReq: true };
    try {
      const response = parseTimeStampResponse(await this.#post(encodeTimeStampRequest(request)));
      if ('failures' in response)
        throw missing(`it answers ${response.status} ${response.failures.join(' ')}`);
      // Without the nonce it is an answer to somebody else, or of yesterday.
      if (!parseTimeStampToken(response.token).info.nonce?.equals(nonce)) throw missing('the nonce differs');
      return response.token;
    } catch (cause) {
      if (cause instanceof SigningError) throw cause;
      throw missing('it cannot be asked or read', cause);
    }
  }

  async #post(body: Buffer): Promise<Buffer> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (response.status !== 200 || !response.body) throw missing(`it answers HTTP ${response.status}`);
    const chunks: Uint8Array[] = [];
    let octets = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      octets += chunk.length;
      // Leaving the loop ends the response.
      if (octets > TIME_STAMP_RESPONSE_OCTETS_MAX) throw missing('its answer is too long');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

function missing(detail: string, cause?: unknown): SigningError {
  return new SigningError('time-stamp-missing', `no time stamp from the time-stamping authority: ${detail}`, {
    cause,
  });
}
