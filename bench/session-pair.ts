import { createHash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Agent, request } from 'node:http';

import { displayDocument, displayText } from '../signing/display/display-document.ts';
import { cadesSignedOctets } from '../signing/device/signed-octets.ts';

/** One holder of the bench: the phone's token, and what names the certificate. */
export interface BenchHolder {
  certificateSha256: Buffer;
  deviceToken: string;
}

export interface PairOptions {
  port: number;
  partyToken: string;
  key: KeyObject;
  /** A FHIR prescription. */
  content: Buffer;
}

/** A prescription system and a phone, each with its own requests, as quick as they are answered. */
export class SessionPair {
  readonly #options: PairOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 2 });

  constructor(options: PairOptions) {
    this.#options = options;
  }

  /** One session from request to signature: six HTTP requests. */
  async sign(holder: BenchHolder): Promise<void> {
    const { content, partyToken, key } = this.#options;
    const document = {
      title: 'bench',
      mediaType: 'application/fhir+json',
      content: content.toString('base64'),
    };
    const named = { certificateSha256: holder.certificateSha256.toString('hex') };
    const { id } = await this.#send<{ id: string }>('POST', '/signature-sessions', partyToken, {
      holder: named,
      documents: [document],
    });
    const phone = <T>(path: string, body?: object) =>
      this.#send<T>(body ? 'POST' : 'GET', `/device${path}`, holder.deviceToken, body);
    const asked = await phone<{ id: string; documents: [{ content: string }] }>('/signature-session');
    if (asked.id !== id) throw new Error('another request');
    const octets = Buffer.from(asked.documents[0].content, 'base64');
    const shown = displayDocument(
      { title: 'bench', mediaType: 'application/fhir+json', content: octets },
      'masked',
    );
    const sha256 = hash(octets);
    const { signingTime } = await phone<{ signingTime: string }>(`/signature-sessions/${id}/display`, {
      displaySha256: hash(Buffer.from(displayText([shown]))).toString('hex'),
    });
    await phone(`/signature-sessions/${id}/code`, { code: codeOf(sha256) });
    const facts = {
      documentSha256: sha256,
      certificateSha256: holder.certificateSha256,
      signingTime: new Date(signingTime),
      mediaType: 'application/fhir+json',
    };
    const value = sign('sha256', cadesSignedOctets(facts), { key, dsaEncoding: 'ieee-p1363' });
    await phone(`/signature-sessions/${id}/signatures`, { signatures: [value.toString('base64')] });
    const { state, signatures } = await this.#send<{ state: string; signatures?: string[] }>(
      'GET',
      `/signature-sessions/${id}`,
      partyToken,
    );
    if (state !== 'SIGNED' || signatures?.length !== 1) throw new Error(`the session is ${state}`);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send<T>(method: string, path: string, token: string, body?: object): Promise<T> {
    const text = body && JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`,
      ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    const { port } = this.#options;
    const options = { host: '127.0.0.1', port, path: `/api/v1${path}`, method, headers, agent: this.#agent };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          if ((response.statusCode ?? 500) >= 300)
            reject(new Error(`${path}: ${response.statusCode} ${answer}`));
          else resolve(JSON.parse(answer) as T);
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }
}

function hash(octets: Uint8Array): Buffer {
  return createHash('sha256').update(octets).digest();
}

/** As the holder reads it off the clinic's screen. */
function codeOf(documentSha256: Buffer): string {
  return String(hash(documentSha256).readUInt16BE(30) % 10_000).padStart(4, '0');
}
