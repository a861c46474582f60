// The peer of `ocsp.ts`: node:http with nothing behind it. `/waits` reads the request's body to its end before it sends the
// constant one, as a server must that looks at it; `/at-once` does not.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts to listen when it is told how long the body is. */
process.once('disconnect', () => process.exit());
process.once('message', ({ octets }: { octets: number }) => {
  const body = Buffer.alloc(octets, 0x30);
  const head = ['content-type', 'application/ocsp-response', 'content-length', String(octets)];
  const send = (response: ServerResponse) => {
    response.writeHead(200, head);
    response.end(body);
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET' || request.url === '/at-once') return send(response);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => send(response));
  });
  // As ours: connections of load generators stay.
  server.keepAliveTimeout = 72_000;
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
});
