import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { pino } from 'pino';
import t from 'tap';

import { limitConnections } from '../../api/ocsp-front/limit-connections.ts';
import { OcspDesk } from '../../api/ocsp-front/ocsp-desk.ts';
import type { AskedResponder } from '../../api/ocsp-front/ocsp-desk.ts';
import { serveOcspFirst } from '../../api/ocsp-front/ocsp-front.ts';
import { ERROR_ANSWERS } from '../../ocsp/ocsp-answer.ts';
import type { OcspAnswer } from '../../ocsp/ocsp-answer.ts';

t.test('closes connections that nobody uses when there are many, and none that is in use', async (t) => {
  const { open, held } = await crowded(t, { crowded: 2, max: 10 });
  const busy = await open();
  busy.write('GET /wait HTTP/1.1\r\nhost: a\r\n\r\n');
  await held.asked;
  const idle = await open();
  idle.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  await once(idle, 'data');
  const closed = closingOf(idle);
  await open();
  await closed;
  held.release();
  const [answer] = (await once(busy, 'data')) as [Buffer];
  t.match(answer.toString(), /^HTTP\/1\.1 200/);
});

t.test('lets no more in than it can serve', async (t) => {
  const { open } = await crowded(t, { crowded: 10, max: 1 });
  await open();
  const second = await open();
  second.resume();
  await closingOf(second);
  t.pass('it is closed unheard');
});

t.test('closes its own connections that nobody uses when there are many', async (t) => {
  const { server, held, open } = await fronted(t);
  limitConnections(server, held, { crowded: 1, max: 10 });
  const idle = await open();
  idle.write(postOf('now'));
  await idle.receives('HTTP/1.1 200');
  const closed = closingOf(idle);
  await open();
  await closed;
});

t.test('answers in the order of the requests, the second one after the first', async (t) => {
  const { open, later } = await fronted(t);
  const client = await open();
  client.write(Buffer.concat([postOf('later'), postOf('now'), postOf('later'), postOf('now')]));
  for (const bodies of ['later now', 'later now later now']) {
    await later.isAsked();
    later.answer();
    await client.receives(...bodies.split(' '));
    t.strictSame(client.bodies(), bodies.split(' '));
  }
});

t.test('leaves a connection that says nothing to node:http', async (t) => {
  const { held, open } = await fronted(t);
  const client = await open();
  await until(() => held.size === 1);
  held.look();
  t.equal(held.size, 1);
  held.look();
  t.equal(held.size, 0);
  client.write(postOf('now'));
  await client.receives('node:http 3');
});

t.test('leaves a request that does not come to an end to node:http, with what is there of it', async (t) => {
  const { held, open } = await fronted(t);
  const client = await open();
  const request = postOf('now');
  client.write(request.subarray(0, -1));
  await until(() => held.states().includes('incomplete'));
  held.look();
  held.look();
  t.equal(held.size, 0);
  client.write(request.subarray(-1));
  await client.receives('node:http 3');
});

t.test('leaves a body that comes octet by octet to node:http', async (t) => {
  const { held, open } = await fronted(t);
  const client = await open();
  const body = Buffer.alloc(40, 'a');
  const request = postOf(body.toString());
  client.write(request.subarray(0, -40));
  await until(() => held.states().includes('incomplete'));
  for (const octet of body) {
    await new Promise((written) => client.write(Buffer.from([octet]), written));
    await new Promise(setImmediate);
  }
  await client.receives('node:http 40');
  t.equal(held.size, 0);
});

t.test('closes a connection that has no further request for longer than the server keeps one', async (t) => {
  const { held, open } = await fronted(t);
  const client = await open();
  client.write(postOf('now'));
  await client.receives('now');
  // Five seconds, and one more for a request that is on its way.
  for (let look = 0; look < 5; look += 1) held.look();
  client.write(postOf('now'));
  await client.receives('now', 'now');
  const closed = closingOf(client);
  for (let look = 0; look < 6; look += 1) held.look();
  await closed;
});

t.test(
  'asks nothing more of a client that does not read, goes on when it does, and gives it up in time',
  async (t) => {
    const { held, open, asked } = await fronted(t, { octets: 100_000 });
    const [client, forgotten] = [await open(), await open()];
    for (const one of [client, forgotten]) {
      one.pause();
      one.write(Buffer.concat(Array.from({ length: 200 }, () => postOf('now'))));
    }
    await until(() => held.states().filter((state) => state === 'unread').length === 2);
    t.ok(asked() < 400, `${asked()} of 400 requests are answered, the rest wait`);
    client.resume();
    await until(() => client.octets() > 200 * 100_000);
    await until(() => held.states().filter((state) => state === 'idle').length === 1);
    for (let look = 0; look < 30; look += 1) held.look();
    await until(() => held.size === 0);
  },
);

t.test('lets connections go: idle ones at once, others with the answer that is under way', async (t) => {
  const { server, held, open, later } = await fronted(t);
  const [silent, idle, busy] = [await open(), await open(), await open()];
  idle.write(postOf('now'));
  await idle.receives('now');
  busy.write(Buffer.concat([postOf('later'), postOf('now')]));
  await later.isAsked();
  const closed = [silent, idle, busy].map((client) => closingOf(client));
  held.close();
  const stopped = once(server, 'close');
  server.close();
  await Promise.all(closed.slice(0, 2));
  later.answer();
  await Promise.all([...closed, stopped]);
  t.match(busy.text(), /^HTTP\/1\.1 200 OK[^]*Connection: close\r\n\r\nlater$/);
});

t.test(
  'a client that closes its side has its answer, or is told that the request is not whole',
  async (t) => {
    const { open, later } = await fronted(t);
    for (const [octets, expected] of [
      [postOf('now'), /^HTTP\/1\.1 200 [^]*now$/],
      [postOf('later'), /^HTTP\/1\.1 200 [^]*later$/],
      [Buffer.concat([postOf('later'), Buffer.from('GET / HTTP/1.1')]), /^HTTP\/1\.1 200 [^]*later$/],
      [postOf('now').subarray(0, -1), /^HTTP\/1\.1 400 /],
      [Buffer.alloc(0), /^$/],
    ] as const) {
      const client = await open();
      const closed = closingOf(client);
      client.end(octets);
      if (octets.includes('later')) {
        await later.isAsked();
        await new Promise(setImmediate);
        later.answer();
      }
      await closed;
      t.match(client.text(), expected);
    }
  },
);

t.test('nothing is left of a client that went away', async (t) => {
  const { held, open, later } = await fronted(t);
  const client = await open();
  client.write(postOf('later'));
  await later.isAsked();
  client.resetAndDestroy();
  await until(() => held.size === 0);
  later.answer();
  await new Promise(setImmediate);
  t.equal(held.size, 0);
});

t.test('a failure that nobody foresaw closes the connection', async (t) => {
  const { held, open, failures } = await fronted(t);
  for (const body of ['throws', 'rejects']) {
    const client = await open();
    const closed = closingOf(client);
    client.write(postOf(body));
    await closed;
    t.equal(client.text(), '');
  }
  t.equal(failures(), 2);
  t.equal(held.size, 0);
});

t.test('leaves a server of TLS as it is', (t) => {
  const server = createTlsServer();
  const listeners = server.listeners('connection');
  const responder: AskedResponder = { hosts: () => true, answer: () => ERROR_ANSWERS.tryLater };
  const connections = serveOcspFirst(server, new OcspDesk(responder), pino({ level: 'silent' }));
  t.strictSame(server.listeners('connection'), listeners);
  connections.close();
  t.end();
});

/** `once` would reject when the connection is reset instead of closed. */
function closingOf(socket: Socket): Promise<void> {
  return new Promise((closed) => socket.once('close', () => closed()));
}

function postOf(body: string): Buffer {
  const fields = `Host: a\r\nContent-Type: application/ocsp-request\r\nContent-Length: ${body.length}`;
  return Buffer.from(`POST /ocsp/bronze HTTP/1.1\r\n${fields}\r\n\r\n${body}`);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

/**
 * A server whose responder repeats the body that it is asked, `later` when it is told to; what it leaves, node:http answers
 * with the length of the body. It keeps idle connections for five seconds.
 */
async function fronted(t: { teardown(undo: () => Promise<void>): void }, { octets = 0 } = {}) {
  let [asked, failures] = [0, 0];
  const waiting: (() => void)[] = [];
  const answerOf = (body: Buffer): OcspAnswer => ({
    ...ERROR_ANSWERS.malformedRequest,
    body: octets > 0 ? Buffer.alloc(octets, body) : body,
  });
  const responder: AskedResponder = {
    hosts: (authorityId) => authorityId === 'bronze',
    answer: (octetsAsked) => {
      const body = Buffer.from(octetsAsked);
      asked += 1;
      if (body.equals(Buffer.from('throws'))) throw new Error('as expected');
      if (body.equals(Buffer.from('rejects'))) return Promise.reject(new Error('as expected'));
      if (!body.equals(Buffer.from('later'))) return answerOf(body);
      return new Promise((resolve) => waiting.push(() => resolve(answerOf(body))));
    },
  };
  const server = createServer((request, response) => {
    let read = 0;
    request.on('data', (chunk: Buffer) => (read += chunk.length));
    request.on('end', () => response.end(`node:http ${read}`));
  });
  server.on('clientError', (_error, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  server.keepAliveTimeout = 5_000;
  const logger = pino({ hooks: { logMethod: () => (failures += 1) } }, { write: () => undefined });
  const connections = serveOcspFirst(server, new OcspDesk(responder), logger);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients: Socket[] = [];
  t.teardown(async () => {
    connections.close();
    for (const client of clients) client.destroy();
    server.close();
  });
  return {
    server,
    held: connections,
    asked: () => asked,
    failures: () => failures,
    later: {
      isAsked: () => until(() => waiting.length > 0),
      answer: () => waiting.shift()!(),
    },
    open: async () => {
      const client = connect(port, '127.0.0.1').setNoDelay(true);
      clients.push(client);
      client.on('error', () => undefined);
      await once(client, 'connect');
      return listening(client);
    },
  };
}

/** A client that remembers what it received. */
function listening(client: Socket) {
  let text = '';
  client.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  const bodies = () => text.split(/HTTP\/1\.1 [^]*?\r\n\r\n/).slice(1);
  return Object.assign(client, {
    text: () => text,
    octets: () => text.length,
    bodies,
    receives: (...parts: string[]) =>
      until(() => text.includes(parts[parts.length - 1]) && bodies().length >= parts.length),
  });
}

async function crowded(
  t: { teardown(undo: () => Promise<void>): void },
  limits: Parameters<typeof limitConnections>[2],
) {
  let release: () => void = () => undefined;
  let asked: () => void = () => undefined;
  const held = {
    asked: new Promise<void>((resolve) => (asked = resolve)),
    release: () => release(),
  };
  const server = createServer((request, response) => {
    if (request.url !== '/wait') return response.end();
    release = () => response.end();
    asked();
  });
  server.keepAliveTimeout = 60_000;
  limitConnections(server, { closeIdle: () => undefined }, limits);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const open = async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  return { open, held };
}
