import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';

import t from 'tap';

import { ocspRequestInPath } from '../../api/public/ocsp-request-in-path.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { nonceExtension } from '../../pki/ocsp-extensions.ts';
import { OCSP_REQUEST_OCTETS_MAX } from '../../pki/ocsp-request.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { FixtureOcsp, NOON, neverIssued, readVerified } from '../support/fixture-ocsp.ts';
import { startOcspServer } from '../support/ocsp-server.ts';

const REQUEST_TYPE = { 'content-type': 'application/ocsp-request' };
const NONCE = [nonceExtension(Buffer.alloc(32, 0xff))];

t.test('answers a POST', async (t) => {
  const { house, certificate, post } = await served(t);
  const answer = await post(house.request([certificate]));
  t.equal(answer.status, 200);
  t.equal(answer.headers['content-type'], 'application/ocsp-response');
  t.equal(kindOf(house, answer.body), 'good');
});

t.test('answers a GET in every form in which clients write its base64', async (t) => {
  const { house, certificate, get } = await served(t);
  // With this nonce the base64 has slashes, also several in a row, and plus signs.
  const base64 = house.request([certificate], { extensions: NONCE }).toString('base64');
  t.match(base64, /\/\//);
  const forms = {
    bare: base64,
    encoded: encodeURIComponent(base64),
    'slashes encoded': base64.replaceAll('/', '%2F'),
    'plus turned into a blank': base64.replaceAll('+', '%20'),
    'everything encoded, in lower case': everyOctetEncoded(base64),
    'plus encoded': base64.replaceAll('+', '%2b'),
    'without padding': base64.replace(/=+$/, ''),
    'behind two slashes': `/${base64}`,
    'with a query': `${base64}?cache=no`,
  };
  for (const [name, form] of Object.entries(forms)) {
    const answer = await get(form);
    t.equal(answer.status, 200, name);
    t.equal(answer.headers['content-type'], 'application/ocsp-response');
    t.equal(kindOf(house, answer.body), 'good', name);
  }
});

t.test('answers a GET that is far longer than 255 octets', async (t) => {
  const { house, certificate, get } = await served(t);
  const request = house.request(Array.from({ length: 40 }, () => certificate));
  t.ok(request.length > 3000);
  t.equal(kindOf(house, (await get(encodeURIComponent(request.toString('base64')))).body), 'good');
});

t.test('answers HEAD as GET, without the body', async (t) => {
  const { house, certificate, get } = await served(t);
  const answer = await get(house.request([certificate]).toString('base64'), {}, 'HEAD');
  t.equal(answer.status, 200);
  t.ok(answer.headers.etag);
  t.equal(answer.body.length, 0);
});

t.test('lets caches keep a plain answer as RFC 5019 says', async (t) => {
  const { house, certificate, get, post } = await served(t);
  house.clock.advanceSeconds(10);
  const request = house.request([certificate]);
  for (const answer of [await get(request.toString('base64')), await post(request)]) {
    t.match(answer.headers, {
      'cache-control': 'max-age=590, public, no-transform, must-revalidate',
      etag: /^"[0-9a-f]{40}"$/,
      'last-modified': NOON.toUTCString(),
      expires: new Date(NOON.getTime() + 600_000).toUTCString(),
    });
  }
});

t.test('lets caches keep nothing else', async (t) => {
  const { house, certificate, get, post } = await served(t);
  const other = await FixtureOcsp.create();
  const answers: [name: string, request: Buffer, cacheControl: string][] = [
    ['a nonce', house.request([certificate], { extensions: NONCE }), 'private, max-age=0, must-revalidate'],
    [
      'several certificates',
      house.request([certificate, certificate]),
      'private, max-age=0, must-revalidate',
    ],
    ['what was never issued', house.request([neverIssued()]), 'private, max-age=0, must-revalidate'],
    ['a malformed request', Buffer.from([0x30]), 'no-store'],
    ['a foreign issuer', house.request([certificate], { issuer: other.bronze.certificate }), 'no-store'],
  ];
  for (const [name, request, cacheControl] of answers) {
    for (const { status, headers } of [await get(request.toString('base64')), await post(request)]) {
      t.equal(status, 200, name);
      t.equal(headers['cache-control'], cacheControl, name);
      for (const header of ['etag', 'last-modified', 'expires'])
        t.notOk(headers[header], `${name}: ${header}`);
    }
  }
});

t.test('tells when to come back', async (t) => {
  const { house, certificate, get } = await served(t);
  house.source.failure = new Error('connection refused');
  house.clock.advanceSeconds(3600);
  const answer = await get(house.request([certificate]).toString('base64'));
  t.strictSame(parseOcspResponse(answer.body), { status: 'tryLater' });
  t.match(answer.headers, { 'cache-control': 'no-store', 'retry-after': '30' });
});

t.test('sends no copy to who has one', async (t) => {
  const { house, certificate, get } = await served(t);
  const path = house.request([certificate]).toString('base64');
  const { headers } = await get(path);
  const etag = String(headers.etag);
  for (const tags of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const answer = await get(path, { 'if-none-match': tags });
    t.equal(answer.status, 304, tags);
    t.equal(answer.body.length, 0);
    t.equal(answer.headers.etag, etag);
    t.equal(answer.headers['cache-control'], headers['cache-control']);
  }
  t.equal((await get(path, { 'if-none-match': '"other"' })).status, 200);
  t.equal(
    (await get(path, { 'if-none-match': '"other"', 'if-modified-since': NOON.toUTCString() })).status,
    200,
  );
});

t.test('compares dates where there is no etag, and never lets a date hide a revocation', async (t) => {
  const { house, certificate, get } = await served(t);
  const path = house.request([certificate]).toString('base64');
  const since = (instant: Date | string) =>
    get(path, { 'if-modified-since': instant instanceof Date ? instant.toUTCString() : instant });
  t.equal((await since(NOON)).status, 304);
  t.equal((await since(new Date(NOON.getTime() + 1000))).status, 304);
  t.equal((await since(new Date(NOON.getTime() - 1000))).status, 200);
  t.equal((await since('yesterday')).status, 200);
  // In the same second, so that Last-Modified stays the same.
  await house.change(certificate, 'held', 'certificateHold');
  const answer = await since(NOON);
  t.equal(answer.status, 200);
  t.equal(answer.headers['last-modified'], NOON.toUTCString());
  t.equal(kindOf(house, answer.body), 'revoked');
});

t.test('answers malformedRequest to a GET that has no request', async (t) => {
  const { house, certificate, get } = await served(t);
  const base64 = house.request([certificate]).toString('base64');
  const paths = [
    '',
    'junk',
    '!!!!',
    `${base64}AAAA`,
    base64.slice(0, -6),
    `${base64}%0A`,
    `-${base64.slice(1)}`,
    '%25',
  ];
  for (const path of paths) {
    const answer = await get(path);
    t.equal(answer.status, 200, path);
    t.strictSame(parseOcspResponse(answer.body), { status: 'malformedRequest' }, path);
  }
});

t.test('answers malformedRequest to a POST that has no request', async (t) => {
  const { post } = await served(t);
  for (const body of [Buffer.alloc(0), Buffer.from('junk')]) {
    const answer = await post(body);
    t.equal(answer.status, 200);
    t.strictSame(parseOcspResponse(answer.body), { status: 'malformedRequest' });
  }
});

t.test('is not authorized at the address of another authority', async (t) => {
  const { house, certificate, url } = await served(t);
  const address = `${url}/ocsp/silver/${house.request([certificate]).toString('base64')}`;
  t.strictSame(parseOcspResponse((await ask(address)).body), { status: 'unauthorized' });
});

const problems: [
  name: string,
  status: number,
  code: string,
  path: string,
  options: { headers: object; body?: Buffer },
][] = [
  [
    'another media type',
    415,
    'media-type-unsupported',
    '/ocsp/bronze',
    { headers: { 'content-type': 'application/json' } },
  ],
  ['no media type', 415, 'media-type-unsupported', '/ocsp/bronze', { headers: {} }],
  [
    'a body that is too large',
    413,
    'request-too-large',
    '/ocsp/bronze',
    { headers: REQUEST_TYPE, body: Buffer.alloc(OCSP_REQUEST_OCTETS_MAX + 1) },
  ],
  ['an unknown authority', 404, 'not-found', '/ocsp/platinum', { headers: REQUEST_TYPE }],
];

for (const [name, status, code, path, { headers, body = Buffer.from('{}') }] of problems) {
  t.test(`answers a POST with ${name} by a problem`, async (t) => {
    const { url } = await served(t);
    const answer = await ask(url + path, { method: 'POST', headers: { ...headers }, body });
    t.equal(answer.status, status);
    t.match(JSON.parse(answer.body.toString()), { status, code });
    t.equal(answer.headers['cache-control'], 'no-store');
  });
}

t.test('answers a GET for an unknown authority by a problem', async (t) => {
  const { url } = await served(t);
  const answer = await ask(`${url}/ocsp/platinum/MAA=`);
  t.equal(answer.status, 404);
  t.match(JSON.parse(answer.body.toString()), { code: 'not-found' });
});

const otherMethods: [path: string, allow: string, methods: string[]][] = [
  ['/ocsp/bronze', 'POST', ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']],
  ['/ocsp/bronze/MAA=', 'GET, HEAD', ['POST', 'PUT', 'PATCH', 'DELETE']],
];

for (const [path, allow, methods] of otherMethods) {
  t.test(`allows ${allow} at ${path}, and says so to whoever does otherwise`, async (t) => {
    const { url } = await served(t);
    for (const method of methods) {
      const answer = await ask(url + path, { method, headers: { 'content-type': 'application/json' } });
      t.equal(answer.status, 405, method);
      t.equal(answer.headers['allow'], allow, method);
      if (method !== 'HEAD') t.match(JSON.parse(answer.body.toString()), { code: 'method-not-allowed' });
    }
  });
}

t.test('takes media type parameters in its stride', async (t) => {
  const { house, certificate, url } = await served(t);
  const headers = { 'content-type': 'Application/OCSP-Request; charset=binary' };
  const answer = await ask(`${url}/ocsp/bronze`, {
    method: 'POST',
    headers,
    body: house.request([certificate]),
  });
  t.equal(kindOf(house, answer.body), 'good');
});

t.test('finds the request in an address', (t) => {
  const bytes = Buffer.from('3041fbfff0', 'hex');
  for (const path of ['MEH7//A=', 'MEH7//A', 'MEH7%2F%2FA%3D', '/MEH7//A=', 'MEH7//A=?x=y']) {
    t.strictSame(ocspRequestInPath(`/ocsp/bronze/${path}`), bytes, path);
  }
  for (const path of ['', 'MEH7//B=', 'MEH7//A==', 'MEH7 //A=', 'MEH7__A=', '%zz', 'MEH7//A=%00']) {
    t.equal(ocspRequestInPath(`/ocsp/bronze/${path}`), undefined, path);
  }
  t.end();
});

function everyOctetEncoded(text: string): string {
  return [...Buffer.from(text)].map((octet) => `%${octet.toString(16)}`).join('');
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

async function served(t: Parameters<typeof startOcspServer>[0]) {
  const house = await FixtureOcsp.create();
  const certificate: Certificate = await house.issue();
  const { url } = await startOcspServer(t, house.responder);
  return {
    house,
    certificate,
    url,
    get: (path: string, headers = {}, method = 'GET') =>
      ask(`${url}/ocsp/bronze/${path}`, { method, headers }),
    post: (body: Buffer) => ask(`${url}/ocsp/bronze`, { method: 'POST', headers: REQUEST_TYPE, body }),
  };
}

/** Sends the address as it stands: fetch would tidy it up. */
async function ask(
  address: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
): Promise<Answer> {
  const [, hostname, port, path] = /^http:\/\/([^:]+):(\d+)(.*)$/.exec(address)!;
  const request = httpRequest({ hostname, port, path, method, headers, agent: false }).end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

function kindOf(house: FixtureOcsp, body: Buffer): string {
  return readVerified(body, house.bronze.certificate).responses[0].status.kind;
}
