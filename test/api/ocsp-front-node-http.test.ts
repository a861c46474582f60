import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import fc from 'fast-check';
import t from 'tap';

import { nonceExtension } from '../../pki/ocsp-extensions.ts';
import { FixtureOcsp, fixtureResponder, neverIssued } from '../support/fixture-ocsp.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { startOcspServer } from '../support/ocsp-server.ts';

// What answers on the socket must be indistinguishable from node:http and the routes: the same octets go over two
// connections, one of which node:http has had from its first request on, and what comes back is compared octet for octet.

/** Fields that an attacker, a proxy or an unusual client may add to a request. */
const ODD_FIELDS = [
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding : chunked',
    'TE: trailers',
  ],
  ...[
    'Content-Length: 5',
    'Content-Length: 0',
    'Content-Length : 5',
    'Content-Length: +5',
    'Content-Length: 5, 5',
  ],
  ...[
    'Content-Length: 00085',
    'Content-Length: 0x55',
    'content_length: 9',
    'Content-Length:',
    'Content-Length: 99',
  ],
  ...[
    'Expect: 100-continue',
    'Upgrade: h2c',
    'Connection: upgrade',
    'Connection: Keep-Alive',
    'Connection: close',
  ],
  ...[
    'Connection: close, te',
    'Host: b',
    'Host:',
    'X: a\r\n b',
    'X: a\r\n\tb',
    'X:',
    ' X: a',
    'X : a',
    'X;y: a',
  ],
  ...[
    'X: \u00e9',
    'X: a\u0000b',
    'X: a\u007f',
    'X:\ta',
    'X: a ',
    'X:  a',
    'X: a\rb',
    'X: a\nTransfer-Encoding: chunked',
  ],
  ...[
    'If-None-Match: *',
    'If-None-Match: "a", "b"',
    'If-None-Match: W/*',
    'If-Modified-Since: Mon, 15 Jun 2026 12:00:00 GMT',
  ],
  ...[
    'Content-Type: application/ocsp-request',
    'Content-Type: text/plain',
    'Content-Encoding: gzip',
    'Cookie: a=b',
  ],
  ...[
    'User-Agent: a (b; c) d/1.0',
    'Accept: */*',
    'X-Forwarded-For: 192.0.2.1',
    'Keep-Alive: timeout=1',
    `X: ${'a'.repeat(3000)}`,
  ],
];

/** Without CONNECT: it ends the connection without a word, with all answers that are not sent yet. */
const METHODS = ['POST', 'GET', 'HEAD', 'PUT', 'OPTIONS', 'post', 'PRI'];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/1.1 ', 'http/1.1', ''];
const LINE_ENDS = ['\r\n', '\n', '\r', '\r\n\r\n', '\r\n '];
const PATHS = [
  '/ocsp/bronze',
  '/ocsp/silver',
  '/ocsp/nobody',
  '/ocsp/bronze/',
  '/ocsp//bronze',
  '/ocsp/bronze?a=b',
  '/ocsp/bron%7ae',
  'http://a/ocsp/bronze',
  '*',
];

/** Swallowed by a body whose length is a lie, or answered 404: the last of them closes the connection. */
const END = Buffer.from(
  `${'GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(40)}GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
);

/** Of the event loop, in which a route has answered. */
const TURNS = 10;

const OUR_OWN_FIRST = Buffer.from('GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n');

for (const inProcess of [true, false]) {
  const key = inProcess ? 'a key of this process' : 'a key that is elsewhere';
  t.test(`with ${key}, any octets in any pieces are answered as node:http answers them`, async (t) => {
    const { port, bodies } = await served(t, inProcess);
    await fc.assert(
      fc.asyncProperty(streams(bodies), fc.array(fc.nat(400), { maxLength: 5 }), async (stream, cuts) => {
        const octets = Buffer.concat([stream, END]);
        const [fast, slow] = await Promise.all([
          exchange(port, octets, cuts),
          exchange(port, octets, cuts, OUR_OWN_FIRST),
        ]);
        const isSame = isAsGood(fast, slow);
        if (!isSame) t.strictSame(fast, slow, JSON.stringify(stream.toString('latin1')));
        return isSame;
      }),
      { numRuns: 150 },
    );
    t.pass('150 streams');
  });
}

t.test(
  'each unusual field, line end, method, version and path alone is answered as node:http answers it',
  async (t) => {
    const { port, bodies } = await served(t, true);
    const [body] = bodies;
    const usual = { body };
    const odd = [
      ...ODD_FIELDS.map((field) => ({ body, fields: [field] })),
      ...ODD_FIELDS.map((field) => ({ body, fields: [field], method: 'GET' })),
      ...LINE_ENDS.map((lineEnd) => ({ body, lineEnd })),
      ...METHODS.map((method) => ({ body, method })),
      ...VERSIONS.map((version) => ({ body, version })),
      ...PATHS.map((path) => ({ body, path })),
      ...PATHS.map((path) => ({ body, path, method: 'GET' })),
    ];
    for (const one of odd) {
      const stream = Buffer.concat([usual, one, usual].map(requestOctets));
      const octets = Buffer.concat([stream, END]);
      const fast = await exchange(port, octets, []);
      const slow = await exchange(port, octets, [], OUR_OWN_FIRST);
      const said = JSON.stringify({ ...one, body: undefined });
      if (isAsGood(fast, slow)) t.pass(said);
      else t.strictSame(fast, slow, said);
    }
  },
);

interface AskedRequest {
  body: Buffer;
  method?: string;
  path?: string;
  version?: string;
  fields?: readonly string[];
  lineEnd?: string;
  escaped?: boolean;
}

function requestOctets({
  body,
  method = 'POST',
  path = '/ocsp/bronze',
  version = 'HTTP/1.1',
  fields = [],
  lineEnd = '\r\n',
  escaped = true,
}: AskedRequest): Buffer {
  const isPost = method.toUpperCase() === 'POST';
  const base64 = body.toString('base64');
  const address = isPost ? path : `${path}/${escaped ? encodeURIComponent(base64) : base64}`;
  const own = isPost
    ? ['Host: a', 'Content-Type: application/ocsp-request', `Content-Length: ${body.length}`]
    : ['Host: a'];
  const head = [`${method} ${address} ${version}`, ...own, ...fields].join(lineEnd) + lineEnd + lineEnd;
  return Buffer.concat([Buffer.from(head, 'latin1'), isPost ? body : Buffer.alloc(0)]);
}

/** One to four requests, most of them plain, some with an octet of the whole changed, doubled or left out. */
function streams(bodies: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const often = <Value>(usual: Value, odd: readonly Value[]) =>
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(usual) },
      { weight: 1, arbitrary: fc.constantFrom(...odd) },
    );
  const request = fc
    .record({
      body: fc.constantFrom(...bodies),
      method: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom('POST', 'GET') },
        { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
      ),
      path: often('/ocsp/bronze', PATHS),
      version: often('HTTP/1.1', VERSIONS),
      fields: fc.oneof(
        { weight: 3, arbitrary: fc.constant<string[]>([]) },
        { weight: 1, arbitrary: fc.array(fc.constantFrom(...ODD_FIELDS), { maxLength: 2 }) },
      ),
      lineEnd: often('\r\n', LINE_ENDS),
      escaped: fc.boolean(),
    })
    .map(requestOctets);
  const damage = fc.option(
    fc.record({ at: fc.nat(400), by: fc.uint8Array({ maxLength: 2 }), instead: fc.nat(2) }),
    { freq: 4 },
  );
  const requests = fc.array(request, { minLength: 1, maxLength: 4 });
  const stream = fc.tuple(requests, damage).map(([whole, damaged]) => {
    const octets = Buffer.concat(whole);
    if (!damaged) return octets;
    const { at, instead, by } = damaged;
    return Buffer.concat([octets.subarray(0, at), by, octets.subarray(at + instead)]);
  });
  // A body that is longer than all that follows is waited for.
  return stream.filter((octets) => !/length: ?\d{4}/i.test(octets.toString('latin1')));
}

interface Exchange {
  /** Without the time of day, and without what follows an answer that closes the connection. */
  answers: string[];
  /** Whether the connection was reset while more was sent: then the last answers may be lost. */
  isReset: boolean;
}

/** What the server sends until it closes; `first` is answered before the rest is sent. */
async function exchange(
  port: number,
  octets: Buffer,
  cuts: readonly number[],
  first?: Buffer,
): Promise<Exchange> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  const received: Buffer[] = [];
  let isReset = false;
  socket.on('error', () => (isReset = true));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  if (first) {
    socket.write(first);
    await once(socket, 'readable');
    for (let text = ''; !isWhole(text);) {
      const chunk = socket.read() as Buffer | null;
      if (chunk) text += chunk.toString('latin1');
      else await once(socket, 'readable');
    }
  }
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  await writeInPieces(socket, octets, cuts);
  await closed;
  const answers = Buffer.concat(received)
    .toString('latin1')
    .replaceAll(/^Date: .*$/gm, 'Date: now')
    // Sent when a head is read and not when it is that request's turn, even into the midst of an answer.
    .replaceAll('HTTP/1.1 100 Continue\r\n\r\n', '')
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((answer) => answer !== '');
  const closing = answers.findIndex((answer) => answer.includes('\r\nConnection: close\r\n'));
  return { answers: closing < 0 ? answers : answers.slice(0, closing + 1), isReset };
}

function isAsGood(fast: Exchange, slow: Exchange): boolean {
  const [fewer, more] = [fast.answers, slow.answers].sort((a, b) => a.length - b.length);
  const isSameLength = fewer.length === more.length || fast.isReset || slow.isReset;
  return isSameLength && fewer.every((answer, at) => answer === more[at]);
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  return end >= 0 && text.length === end + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1]);
}

async function writeInPieces(socket: Socket, octets: Buffer, cuts: readonly number[]): Promise<void> {
  const places = [0, ...[...cuts].sort((a, b) => a - b), octets.length];
  for (let at = 1; at < places.length; at += 1) {
    if (socket.destroyed) return;
    await new Promise<void>((written) =>
      socket.write(octets.subarray(places[at - 1], places[at]), () => written()),
    );
    await new Promise(setImmediate);
  }
}

/** Bodies of which some are prepared, some signed each time, by a key whose signatures do not differ, and some refused. */
async function served(t: Parameters<typeof startOcspServer>[0], inProcess: boolean) {
  const house = await FixtureOcsp.create();
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = memorySigner(privateKey, 'ed25519');
  if (inProcess) Object.assign(signer, { signNow: (message: Buffer) => sign(null, message, privateKey) });
  for (const authority of [house.bronze, house.silver])
    house.responder.useCredentials(authority.id, [await fixtureResponder(authority, {}, signer)]);
  const [good, revoked] = [await house.issue(), await house.issue()];
  await house.change(revoked, 'revoked', 'keyCompromise');
  const { app, url } = await startOcspServer(t, house.responder);
  refuseInTurn(app.server);
  const bodies = [
    house.request([good]),
    house.request([revoked], { hashAlgorithm: 'sha1' }),
    house.request([good], { extensions: [nonceExtension(Buffer.alloc(32, 7))] }),
    house.request([good, revoked]),
    house.request([neverIssued()]),
    house.request([good], { issuer: house.silver.certificate }),
    Buffer.from('junk'),
    // A request within a request, for who reads one body too short or too long.
    requestOctets({ body: house.request([revoked]) }),
  ];
  return { port: Number(new URL(url).port), bodies };
}

/** node:http tells of octets that it cannot read before it has sent the answers to what stood before them; here they go first. */
function refuseInTurn(server: Server): void {
  server.removeAllListeners('clientError');
  server.on('clientError', (_error, socket: Socket) => {
    void turns().then(() => {
      if (socket.writable) socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      socket.destroySoon();
    });
  });
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise(setImmediate);
}
