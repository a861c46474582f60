import { createECDH, randomBytes, webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import type { Test } from 'tap';

import { runOpenssl } from './run-openssl.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ReceivedPush {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A push service of a test: takes messages over TLS, and answers what it is told to. */
export class PushReceiver {
  /** PEM. */
  readonly ca: string;
  /** Answers to come; 201 when there is none left. */
  readonly answers: { status: number; headers?: Record<string, string> }[] = [];
  readonly #server: Server;
  readonly #received: ReceivedPush[] = [];

  private constructor(ca: string, key: string) {
    this.ca = ca;
    this.#server = createServer({ cert: ca, key }, (request, response) => {
      void buffer(request).then((body) => {
        const { status, headers } = this.answers.shift() ?? { status: 201 };
        response.writeHead(status, headers).end();
        this.#received.push({ path: request.url!, headers: request.headers, body });
        this.#server.emit('received');
      });
    });
  }

  static async listen(t: Test): Promise<PushReceiver> {
    const folder = temporaryFolder(t);
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
    runOpenssl(['req', '-x509', ...key, '-out', 'ca.pem', '-days', '30', ...subject], { cwd: folder });
    const [ca, privateKey] = ['ca.pem', 'key.pem'].map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
    const receiver = new PushReceiver(ca, privateKey);
    receiver.#server.listen(0, 'localhost');
    await once(receiver.#server, 'listening');
    t.teardown(() => {
      receiver.#server.close();
      receiver.#server.closeAllConnections();
    });
    return receiver;
  }

  get host(): string {
    return `localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The oldest message that nobody has taken yet. */
  async next(): Promise<ReceivedPush> {
    while (this.#received.length === 0) await once(this.#server, 'received');
    return this.#received.shift()!;
  }

  get isEmpty(): boolean {
    return this.#received.length === 0;
  }
}

/** A browser that has subscribed: opens what was encrypted for it, by WebCrypto, as RFC 8291 §3.4 and RFC 8188 §2 say. */
export class PushBrowser {
  readonly #publicKey: Buffer;
  readonly #privateKey: Buffer;
  readonly #authSecret: Buffer;

  constructor(fixed?: { privateKey: Buffer; authSecret: Buffer }) {
    const key = createECDH('prime256v1');
    if (fixed) key.setPrivateKey(fixed.privateKey);
    else key.generateKeys();
    this.#publicKey = key.getPublicKey();
    this.#privateKey = key.getPrivateKey();
    this.#authSecret = fixed?.authSecret ?? randomBytes(16);
  }

  /** As PushSubscription.toJSON() gives it. */
  subscription(endpoint: string) {
    const keys = {
      p256dh: this.#publicKey.toString('base64url'),
      auth: this.#authSecret.toString('base64url'),
    };
    return { endpoint, expirationTime: null, keys };
  }

  async open(body: Buffer): Promise<Buffer> {
    const { subtle } = webcrypto;
    const [salt, keyOctets] = [body.subarray(0, 16), body[20]];
    const theirs = body.subarray(21, 21 + keyOctets);
    const curve = { name: 'ECDH', namedCurve: 'P-256' };
    const [x, y] = [this.#publicKey.subarray(1, 33), this.#publicKey.subarray(33)].map((part) =>
      part.toString('base64url'),
    );
    const jwk = { kty: 'EC', crv: 'P-256', x, y, d: this.#privateKey.toString('base64url') };
    const own = await subtle.importKey('jwk', jwk, curve, false, ['deriveBits']);
    const other = await subtle.importKey('raw', theirs, curve, false, []);
    const shared = Buffer.from(await subtle.deriveBits({ name: 'ECDH', public: other }, own, 256));
    const expand = async (secret: Buffer, saltOctets: Buffer, info: Buffer, octets: number) => {
      const material = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
      const terms = { name: 'HKDF', hash: 'SHA-256', salt: saltOctets, info };
      return Buffer.from(await subtle.deriveBits(terms, material, octets * 8));
    };
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#publicKey, theirs]);
    const input = await expand(shared, this.#authSecret, info, 32);
    const contentKey = await expand(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = await expand(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const key = await subtle.importKey('raw', contentKey, 'AES-GCM', false, ['decrypt']);
    const record = body.subarray(21 + keyOctets);
    const padded = Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv: nonce }, key, record));
    const end = padded.findLastIndex((octet) => octet !== 0);
    if (padded[end] !== 2) throw new Error('the record does not end');
    return padded.subarray(0, end);
  }
}
