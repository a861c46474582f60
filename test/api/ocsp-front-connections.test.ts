import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import t from 'tap';

import { limitConnections } from '../../api/ocsp-front/limit-connections.ts';

t.test('closes connections that nobody uses when there are many, and none that is in use', async (t) => {
  const { open, held } = await crowded(t, { crowded: 2, max: 10 });
  const busy = await open();
  busy.write('GET /wait HTTP/1.1\r\nhost: a\r\n\r\n');
  await held.asked;
  const idle = await open();
  idle.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  await once(idle, 'data');
  const closed = once(idle, 'close');
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
  await once(second, 'close');
  t.pass('it is closed unheard');
});

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
