import t from 'tap';

import { RequestHeads } from '../../api/ocsp-front/request-head.ts';
import { OCSP_REQUEST_OCTETS_MAX } from '../../pki/ocsp-request.ts';

const POST = 'POST /ocsp/bronze HTTP/1.1';
const GET = 'GET /ocsp/bronze/MFQwUjBQ%2Bg/a+%3D%3D HTTP/1.1';
const BODY = ['Content-Type: application/ocsp-request', 'Content-Length: 85'];

t.test('knows the requests of usual clients and proxies', (t) => {
  const clients = {
    wrk: [POST, 'Host: 127.0.0.1:8081', ...BODY],
    nginx: [POST, 'Host: mohr_ocsp', 'Content-Length: 85', 'Content-Type: application/ocsp-request'],
    curl: [POST, 'Host: [::1]:8081', 'User-Agent: curl/7.88.1', 'Accept: */*', ...BODY],
    go: [POST, 'Host: a', 'User-Agent: Go-http-client/1.1', ...BODY, 'Accept-Encoding: gzip'],
    jdk: [
      POST,
      'Content-type: application/ocsp-request',
      'User-Agent: Java/17.0.13',
      'Host: ocsp.example.ir',
      'Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
      'Connection: keep-alive',
      'Content-Length: 85',
    ],
    proxied: [POST, 'host:a', ...BODY, 'X-Forwarded-For: 192.0.2.1', 'Via: 1.1 proxy (x/1.0)'],
  };
  for (const [name, lines] of Object.entries(clients)) {
    const head = `${lines.join('\r\n')}\r\n\r\n`;
    t.strictSame(
      read(head),
      { authorityId: 'bronze', conditions: {}, closes: false, bodyAt: head.length, end: head.length + 85 },
      name,
    );
  }
  const windows = [
    GET,
    'Connection: Keep-Alive',
    'Accept: */*',
    'If-Modified-Since: Mon, 15 Jun 2026 12:00:00 GMT',
    'If-None-Match: "a"',
    'User-Agent: Microsoft-CryptoAPI/10.0',
    'Host: ocsp.example.ir',
  ];
  t.match(read(`${windows.join('\r\n')}\r\n\r\n`), {
    url: '/ocsp/bronze/MFQwUjBQ%2Bg/a+%3D%3D',
    conditions: { 'if-none-match': '"a"', 'if-modified-since': 'Mon, 15 Jun 2026 12:00:00 GMT' },
  });
  t.match(read(`${[POST, 'Host: a', 'connection: Close', ...BODY].join('\r\n')}\r\n\r\n`), { closes: true });
  t.end();
});

t.test('says again what it said, wherever the head stands', (t) => {
  const heads = new RequestHeads((id) => id === 'bronze');
  const octets = Buffer.from(`${[GET, 'Host: a'].join('\r\n')}\r\n\r\n`);
  const twice = Buffer.concat([octets, octets]);
  for (const at of [0, octets.length, 0])
    t.match(heads.read(twice, at), { bodyAt: at + octets.length, end: at + octets.length });
  t.end();
});

t.test('knows no other request', (t) => {
  const usual = [POST, 'Host: a', ...BODY];
  const with_ = (...fields: string[]) => `${[...usual, ...fields].join('\r\n')}\r\n\r\n`;
  const others = {
    'a head that is not all there': with_().slice(0, -1),
    'a line end before it': `\r\n${with_()}`,
    'bare line feeds': with_().replaceAll('\r\n', '\n'),
    'one bare line feed': with_().replace('a\r\n', 'a\n'),
    'a folded field': with_('X: a\r\n b'),
    'a chunked body': with_('Transfer-Encoding: chunked'),
    'a blank before the colon': with_('X : a'),
    'two blanks behind it': with_('X:  a'),
    'a blank at the end': with_('X: a '),
    'a tabulator': with_('X:\ta'),
    'a field without a value': with_('X:'),
    'a field without a colon': with_('X'),
    'a control character': with_('X: a\u0001b'),
    'a letter that is not in ASCII': with_('X: \u00e9'),
    'an underscore in a name': with_('content_length: 85'),
    'the length twice': with_('Content-Length: 85'),
    'the host twice': with_('Host: a'),
    'no host': `${[POST, ...BODY].join('\r\n')}\r\n\r\n`,
    'no type': `${[POST, 'Host: a', BODY[1]].join('\r\n')}\r\n\r\n`,
    'another type': with_().replace('ocsp-request', 'json'),
    'no length': `${[POST, 'Host: a', BODY[0]].join('\r\n')}\r\n\r\n`,
    'no body': with_().replace('85', '0'),
    'a length with a zero before it': with_().replace('85', '085'),
    'a length with a sign': with_().replace('85', '+85'),
    'a longer body than is read': with_().replace('85', String(OCSP_REQUEST_OCTETS_MAX + 1)),
    expectations: with_('Expect: 100-continue'),
    'an upgrade': with_('Upgrade: h2c'),
    'several connection options': with_('Connection: keep-alive, upgrade'),
    'a coded body': with_('Content-Encoding: gzip'),
    'more than it looks at': with_(`X: ${'a'.repeat(2048)}`),
    'an older version': with_().replace('HTTP/1.1', 'HTTP/1.0'),
    'two blanks in the first line': with_().replace('POST ', 'POST  '),
    'a small letter in the method': with_().replace('POST', 'PosT'),
    'a query': with_().replace('bronze', 'bronze?'),
    'an absolute address': with_().replace('/ocsp', 'http://a/ocsp'),
    'another authority': with_().replace('bronze', 'silver'),
    'a GET with a body': with_().replace(POST, GET),
    'a GET of nothing': `GET /ocsp/bronze/ HTTP/1.1\r\nHost: a\r\n\r\n`,
    'a GET without a slash': `GET /ocsp/bronze HTTP/1.1\r\nHost: a\r\n\r\n`,
    'a GET with another escape': `GET /ocsp/bronze/%4d HTTP/1.1\r\nHost: a\r\n\r\n`,
    'a GET with half an escape': `GET /ocsp/bronze/MF%3 HTTP/1.1\r\nHost: a\r\n\r\n`,
    'a HEAD': `HEAD /ocsp/bronze/MFQw HTTP/1.1\r\nHost: a\r\n\r\n`,
    'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  };
  t.ok(read(with_()));
  for (const [name, text] of Object.entries(others)) t.equal(read(text), undefined, name);
  t.end();
});

function read(text: string) {
  return new RequestHeads((id) => id === 'bronze').read(Buffer.from(text, 'latin1'), 0);
}
