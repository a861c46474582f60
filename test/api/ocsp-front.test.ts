import { once } from 'node:events';
import { sign } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';

import t from 'tap';

import { OcspDesk } from '../../api/ocsp-front/ocsp-desk.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { nonceExtension } from '../../pki/ocsp-extensions.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { FixtureOcsp, fixtureResponder, neverIssued, readVerified } from '../support/fixture-ocsp.ts';
import type { memorySigner } from '../support/memory-signer.ts';
import { startOcspServer } from '../support/ocsp-server.ts';

const REQUEST_TYPE = { 'content-type': 'application/ocsp-request' };
const NONCE = [nonceExtension(Buffer.alloc(32, 7))];

for (const inProcess of [true, false]) {
  const key = inProcess ? 'a key of this process' : 'a key that is elsewhere';
  t.test(`with ${key}, a revocation is seen by the next request of the same connection`, async (t) => {
    const { house, certificate, post, get } = await served(t, inProcess);
    for (const ask of [post, get]) {
      await house.change(certificate, 'held', 'certificateHold');
      t.equal(kindOf(house, await ask(house.request([certificate]))), 'revoked');
      await house.change(certificate, 'released');
      for (let again = 0; again < 3; again += 1)
        t.equal(kindOf(house, await ask(house.request([certificate]))), 'good');
    }
    await house.change(certificate, 'revoked', 'keyCompromise');
    for (const ask of [post, get]) t.equal(kindOf(house, await ask(house.request([certificate]))), 'revoked');
  });
}

t.test('gives a prepared answer again without reading the request, and as the routes would', async (t) => {
  const { house, certificate, app, post, get, sockets } = await served(t);
  const request = house.request([certificate]);
  const first = await post(request);
  const path = `/ocsp/bronze/${encodeURIComponent(request.toString('base64'))}`;
  const byRoutes = [
    await app.inject({ method: 'POST', url: '/ocsp/bronze', headers: REQUEST_TYPE, payload: request }),
    await app.inject(path),
  ];
  for (const answer of [await post(request), await get(request), await get(request)]) {
    t.strictSame(answer.body, first.body);
    t.strictSame(comparable(answer.headers), comparable(first.headers));
  }
  for (const { statusCode, headers, rawPayload } of byRoutes) {
    t.equal(statusCode, 200);
    t.strictSame(rawPayload, first.body);
    t.strictSame(comparable(headers), comparable(first.headers));
  }
  t.match(first.headers, {
    'x-content-type-options': 'nosniff',
    'content-length': String(first.body.length),
  });
  t.equal(sockets.size, 1, 'all over one connection');
});

t.test('tells the max-age that is left, and prepares a younger answer in time', async (t) => {
  const { house, certificate, post } = await served(t);
  const request = house.request([certificate]);
  const first = await post(request);
  house.clock.advanceSeconds(60);
  await house.follower.catchUp();
  const later = await post(request);
  t.strictSame(later.body, first.body);
  t.match(later.headers['cache-control'], 'max-age=540,');
  house.clock.advanceSeconds(300);
  await house.follower.catchUp();
  const younger = await post(request);
  t.notSame(younger.body, first.body);
  t.match(younger.headers['cache-control'], 'max-age=600,');
});

t.test('octets that are known at one address say nothing at another', async (t) => {
  const { house, certificate, url, post } = await served(t);
  const request = house.request([certificate]);
  for (let again = 0; again < 2; again += 1) {
    t.equal(kindOf(house, await post(request)), 'good');
    const elsewhere = await ask(`${url}/ocsp/silver`, { method: 'POST', body: request });
    t.strictSame(parseOcspResponse(elsewhere.body), { status: 'unauthorized' });
  }
});

t.test('keeps nothing of what was never issued', async (t) => {
  const { house, certificate, post } = await served(t);
  const [serial] = [neverIssued()];
  const request = house.request([serial]);
  t.equal(kindOf(house, await post(request)), 'revoked');
  await house.issue(house.bronze, { serialNumber: serial.serialNumber });
  t.equal(kindOf(house, await post(request)), 'good');
  t.ok(certificate);
});

t.test('asks anew when other keys answer', async (t) => {
  const { house, certificate, post } = await served(t);
  const request = house.request([certificate]);
  const before = await post(request);
  house.responder.useCredentials('bronze', [await fixtureResponder(house.bronze)]);
  const after = await post(request);
  t.notSame(after.body, before.body);
  t.equal(kindOf(house, after), 'good');
});

t.test('sends no copy to who has one, however often', async (t) => {
  const { house, certificate, get } = await served(t);
  const request = house.request([certificate]);
  const { headers } = await get(request);
  for (let again = 0; again < 2; again += 1) {
    const copy = await get(request, { 'if-none-match': String(headers.etag) });
    t.equal(copy.status, 304);
    t.equal(copy.body.length, 0);
    t.equal(copy.headers.etag, headers.etag);
    t.equal(copy.headers['content-type'], undefined);
  }
});

t.test('takes a body in pieces, in chunks, and several requests at once', async (t) => {
  const { house, certificate, url } = await served(t);
  const request = house.request([certificate]);
  const line = 'POST /ocsp/bronze HTTP/1.1\r\nhost: a\r\ncontent-type: application/ocsp-request\r\n';
  const whole = Buffer.concat([Buffer.from(`${line}content-length: ${request.length}\r\n\r\n`), request]);
  const chunks = Buffer.concat([
    Buffer.from(`${line}transfer-encoding: chunked\r\n\r\n${request.length.toString(16)}\r\n`),
    request,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  const forms = {
    pieces: [whole.subarray(0, -40), whole.subarray(-40, -1), whole.subarray(-1)],
    chunked: [chunks],
    pipelined: [Buffer.concat([whole, whole, whole])],
  };
  for (const [name, pieces] of Object.entries(forms)) {
    const expected = name === 'pipelined' ? 3 : 1;
    const answers = await exchange(url, pieces, expected);
    t.equal(answers.split('HTTP/1.1 200 OK').length - 1, expected, name);
    t.equal(answers.split('application/ocsp-response').length - 1, expected, name);
  }
});

t.test(
  'turns away with 503 and tryLater when more signatures are asked for than the key makes',
  async (t) => {
    const { house, certificate, post } = await served(t, false);
    const prepared = house.request([certificate]);
    await post(prepared);
    const release = holdBack(house);
    const request = house.request([certificate], { extensions: NONCE });
    const waiting = Array.from({ length: 1024 }, () => house.responder.respond(request));
    const refused = await post(request);
    t.equal(refused.status, 503);
    t.match(refused.headers, { 'retry-after': '1', 'cache-control': 'no-store' });
    t.strictSame(parseOcspResponse(refused.body), { status: 'tryLater' });
    t.equal((await post(prepared)).status, 200, 'what is prepared is answered all the same');
    t.ok(house.responder.turnedAway > 0);
    t.strictSame(house.faults, []);
    release();
    await Promise.all(waiting);
    t.equal((await post(request)).status, 200);
  },
);

t.test('lets connections go when the server closes, with the answer that is under way', async (t) => {
  const { house, certificate, app, post } = await served(t, false);
  const release = holdBack(house);
  const answer = post(house.request([certificate], { extensions: NONCE }));
  while (!release.isAsked()) await new Promise(setImmediate);
  const closed = app.close();
  while (app.server.listening) await new Promise(setImmediate);
  release();
  const { status, headers } = await answer;
  t.equal(status, 200);
  t.equal(headers.connection, 'close');
  await closed;
});

t.test('counts what it answers', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const desk = new OcspDesk(house.responder);
  for (let again = 0; again < 3; again += 1) await desk.post('bronze', house.request([certificate]));
  await desk.post('bronze', Buffer.from('junk'));
  await desk.get('silver', '/ocsp/silver/junk', {});
  t.match(desk.counts, { again: 2, byStatus: { successful: 1, malformedRequest: 2 }, overloaded: 0 });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

async function served(t: Parameters<typeof startOcspServer>[0], inProcess = true) {
  const house = await FixtureOcsp.create();
  const { signer } = house.bronze.responder;
  const { privateKey } = signer as ReturnType<typeof memorySigner>;
  if (inProcess) Object.assign(signer, { signNow: (message: Buffer) => sign('sha256', message, privateKey) });
  const certificate: Certificate = await house.issue();
  const { app, url } = await startOcspServer(t, house.responder);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(async () => agent.destroy());
  const sockets = new Set<number>();
  const send = async (path: string, options: Parameters<typeof ask>[1]) => {
    const answer = await ask(url + path, { ...options, agent });
    sockets.add(answer.localPort);
    return answer;
  };
  return {
    house,
    certificate,
    app,
    url,
    sockets,
    post: (body: Buffer) => send('/ocsp/bronze', { method: 'POST', body }),
    get: (body: Buffer, headers = {}) =>
      send(`/ocsp/bronze/${encodeURIComponent(body.toString('base64'))}`, { method: 'GET', headers }),
  };
}

async function ask(
  address: string,
  { method, headers = {}, body, agent }: { method: string; headers?: object; body?: Buffer; agent?: Agent },
): Promise<Answer & { localPort: number }> {
  const type = body ? REQUEST_TYPE : {};
  const asked = httpRequest(address, { method, headers: { ...type, ...headers }, agent: agent ?? false });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const { localPort = 0 } = response.socket;
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks),
    localPort,
  };
}

/** Writes the pieces one after the other, and reads until so many answers are there. */
async function exchange(url: string, pieces: Buffer[], answers: number): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setNoDelay(true);
  for (const piece of pieces) {
    await new Promise((written) => socket.write(piece, written));
    await new Promise(setImmediate);
  }
  let text = '';
  for await (const chunk of socket) {
    text += (chunk as Buffer).toString('latin1');
    const lengths = [...text.matchAll(/content-length: (\d+)/g)];
    const octets = lengths.reduce((sum, [, length]) => sum + Number(length), 0);
    const heads = text.split('\r\n\r\n').slice(0, -1);
    if (lengths.length === answers && heads.length >= answers && text.length > octets + 100 * answers) break;
  }
  return text;
}

/** Makes the key of bronze wait; returns how it goes on. */
function holdBack(house: FixtureOcsp): (() => void) & { isAsked(): boolean } {
  const { signer } = house.bronze.responder;
  const real = signer.sign;
  let release: () => void = () => undefined;
  let isAsked = false;
  const held = new Promise<void>((resolve) => (release = resolve));
  signer.sign = async (message) => {
    isAsked = true;
    await held;
    return real(message);
  };
  return Object.assign(() => release(), { isAsked: () => isAsked });
}

function comparable(headers: object): object {
  return { ...headers, date: undefined, connection: undefined, 'keep-alive': undefined };
}

function kindOf(house: FixtureOcsp, { body }: Answer): string {
  return readVerified(body, house.bronze.certificate).responses[0].status.kind;
}
