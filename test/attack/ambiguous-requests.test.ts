import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import t from 'tap';
import type { Test } from 'tap';

import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// Requests that two readers could take for different ones (request smuggling, RFC 9112 §11.2), sent to the service itself: behind each
// is another one, which must not be answered. Plain OCSP requests have a reader of their own, which is compared with this one by
// any octets in test/api/ocsp-front-node-http.test.ts; bodies that trickle are in test/api/limit-body-time.test.ts.

t.test('ambiguous requests and idle connections', async (t) => {
  await onOneService(t, async (t, service) => {
    await service.app.listen({ host: '127.0.0.1', port: 0 });
    await t.test('what could be read in two ways is refused, and ends its connection', (t) =>
      smuggling(t, service),
    );
    await t.test('connections that send nothing more keep nobody out', (t) => idleConnections(t, service));
    await t.test('every wait has an end', async (t) => {
      const { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections } = service.app.server;
      t.ok(headersTimeout > 0 && headersTimeout <= 30_000, `a head has ${headersTimeout} ms`);
      t.ok(requestTimeout > 0 && requestTimeout <= 1_000_000, `the largest upload has ${requestTimeout} ms`);
      t.ok(
        keepAliveTimeout > 0 && keepAliveTimeout <= 120_000,
        `a connection that is not used has ${keepAliveTimeout} ms`,
      );
      t.ok(maxConnections > 0 && maxConnections <= 8_192, `${maxConnections} connections`);
    });
  });
});

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const HEAD = ['POST /api/v1/session-challenges HTTP/1.1', 'Host: a', 'Content-Type: application/json'];

/** Fields, and a body that ends sooner by one reading than by the other. */
const AMBIGUOUS: Record<string, { fields: string[]; body: string; lineEnd?: string }> = {
  'a length and chunks': {
    fields: ['Content-Length: 4', 'Transfer-Encoding: chunked'],
    body: `0\r\n\r\n${SMUGGLED}`,
  },
  'chunks and a length': {
    fields: ['Transfer-Encoding: chunked', 'Content-Length: 4'],
    body: `0\r\n\r\n${SMUGGLED}`,
  },
  'chunks that are not last': {
    fields: ['Transfer-Encoding: chunked, identity'],
    body: `0\r\n\r\n${SMUGGLED}`,
  },
  'a coding that is none': { fields: ['Transfer-Encoding: xchunked'], body: `0\r\n\r\n${SMUGGLED}` },
  'two codings': {
    fields: ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    body: `0\r\n\r\n${SMUGGLED}`,
  },
  'a space before the colon': { fields: ['Transfer-Encoding : chunked'], body: `0\r\n\r\n${SMUGGLED}` },
  'a coding after a vertical tab': {
    fields: ['Transfer-Encoding:\x0bchunked', 'Content-Length: 5'],
    body: `0\r\n\r\n${SMUGGLED}`,
  },
  'a coding on a folded line': {
    fields: ['Transfer-Encoding:\r\n chunked', 'Content-Length: 5'],
    body: `0\r\n\r\n${SMUGGLED}`,
  },
  'a folded field': { fields: ['X: a\r\n b', 'Content-Length: 2'], body: `{}${SMUGGLED}` },
  'two lengths': { fields: ['Content-Length: 2', 'Content-Length: 3'], body: `{} ${SMUGGLED}` },
  'two equal lengths': { fields: ['Content-Length: 2', 'Content-Length: 2'], body: `{}${SMUGGLED}` },
  'a list of lengths': { fields: ['Content-Length: 2, 2'], body: `{}${SMUGGLED}` },
  'a length with a sign': { fields: ['Content-Length: +2'], body: `{}${SMUGGLED}` },
  'a length in hexadecimal': { fields: ['Content-Length: 0x2'], body: `{}${SMUGGLED}` },
  'a length below nothing': { fields: ['Content-Length: -1'], body: SMUGGLED },
  'a length beyond numbers': { fields: ['Content-Length: 99999999999999999999'], body: SMUGGLED },
  'a length with a space in it': { fields: ['Content-Length: 2 2'], body: `{}${SMUGGLED}` },
  'bare line feeds': { fields: ['Content-Length: 2'], body: `{}${SMUGGLED}`, lineEnd: '\n' },
  'a bare carriage return': {
    fields: ['X: a\rContent-Length: 100', 'Content-Length: 2'],
    body: `{}${SMUGGLED}`,
  },
  'a NUL in a field': { fields: ['X: a\0b', 'Content-Length: 2'], body: `{}${SMUGGLED}` },
  'a field without a name': { fields: [': a', 'Content-Length: 2'], body: `{}${SMUGGLED}` },
  'a chunk with a sign': { fields: ['Transfer-Encoding: chunked'], body: `+2\r\n{}\r\n0\r\n\r\n${SMUGGLED}` },
  'a chunk in hexadecimal of C': {
    fields: ['Transfer-Encoding: chunked'],
    body: `0x2\r\n{}\r\n0\r\n\r\n${SMUGGLED}`,
  },
  'a chunk beyond numbers': {
    fields: ['Transfer-Encoding: chunked'],
    body: `fffffffffffffffffff2\r\n{}\r\n0\r\n\r\n${SMUGGLED}`,
  },
  'a chunk without its end': {
    fields: ['Transfer-Encoding: chunked'],
    body: `2\r\n{}XX0\r\n\r\n${SMUGGLED}`,
  },
  'an extension with a bare line feed': {
    fields: ['Transfer-Encoding: chunked'],
    body: `2;a\n{}\r\n0\r\n\r\n${SMUGGLED}`,
  },
  'two hosts': { fields: ['Host: b', 'Content-Length: 2'], body: `{}${SMUGGLED}` },
};

async function smuggling(t: Test, service: TestService): Promise<void> {
  const clear = await exchange(
    service,
    `${[...HEAD, 'Content-Length: 2'].join('\r\n')}\r\n\r\n{}${SMUGGLED}`,
  );
  t.match(
    clear,
    /^HTTP\/1\.1 201 [^]*nothing is at GET \/smuggled/,
    'behind a clear one the other is answered',
  );
  for (const [name, { fields, body, lineEnd = '\r\n' }] of Object.entries(AMBIGUOUS)) {
    const answered = await exchange(
      service,
      `${[...HEAD, ...fields].join(lineEnd)}${lineEnd}${lineEnd}${body}`,
    );
    t.notMatch(answered, /smuggled/, name);
    t.match(answered, /^HTTP\/1\.1 4\d\d /, `${name}: refused`);
  }
  const upgrade = [
    'Connection: Upgrade, HTTP2-Settings, close',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
  ];
  const plain = await exchange(
    service,
    `${['GET /health HTTP/1.1', 'Host: a', ...upgrade].join('\r\n')}\r\n\r\n${SMUGGLED}`,
  );
  t.notMatch(plain, /^HTTP\/1\.1 101/, 'no other protocol is spoken on a connection');
  const tunnel = await exchange(service, `CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`);
  t.notMatch(tunnel, /^HTTP\/1\.1 2|smuggled/, 'and nothing is tunnelled');
}

/** What comes back until the service closes: it does after the request behind, or before. */
function exchange({ app }: TestService, octets: string): Promise<string> {
  return new Promise((resolve) => {
    let answered = '';
    const line = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    line.on('data', (chunk) => {
      answered += chunk.toString('latin1');
    });
    line.on('error', () => line.destroy());
    line.on('close', () => resolve(answered));
    line.write(octets, 'latin1');
  });
}

const IDLE_CONNECTIONS = 200;

async function idleConnections(t: Test, { app }: TestService): Promise<void> {
  const { port } = app.server.address() as AddressInfo;
  const starts = [
    '',
    'GET /health HTTP/1.1\r\nHost: a\r\nX: ',
    `${[...HEAD, 'Content-Length: 100'].join('\r\n')}\r\n\r\n{`,
    `${[...HEAD, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n5\r\n{`,
  ];
  const lines: Socket[] = [];
  for (const start of starts)
    for (let one = 0; one < IDLE_CONNECTIONS / starts.length; one += 1) {
      const line = connect(port, '127.0.0.1');
      line.on('error', () => line.destroy());
      await once(line, 'connect');
      line.write(start);
      lines.push(line);
    }
  const answer = await fetch(`http://127.0.0.1:${port}/health`);
  t.equal(answer.status, 200, `beside ${lines.length} that wait`);
  for (const line of lines) line.destroy();
}
