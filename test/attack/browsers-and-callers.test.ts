import type { InjectOptions } from 'fastify';
import { pino } from 'pino';
import t from 'tap';
import type { Test } from 'tap';

import { buildApp } from '../../api/app.ts';
import { callerNetwork } from '../../api/caller-network.ts';
import { SESSION_COOKIE } from '../../api/session-cookie.ts';
import { buildStatusApp } from '../../api/status-app.ts';
import { ROLES } from '../../ra/officer.ts';
import { TEST_ORIGIN } from '../support/approve.ts';
import { operationsOf } from '../support/api-operations.ts';
import { databaseDigest } from '../support/database-digest.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// What a browser may be made to do, and who a caller is taken for. A session’s times, links and the cookie’s flags are looked at in
// test/api/authorization.test.ts.

const SILENT = pino({ level: 'silent' });

t.test('browsers and callers', async (t) => {
  await onOneService(t, async (t, service) => {
    await service.app.ready();
    const part = (name: string, run: (t: Test, service: TestService) => Promise<void>) =>
      t.test(name, (t) => run(t, service));
    await part('no write of an officer is taken from another site', crossSite);
    await part('a session is never the one that a browser came with', fixation);
    await part('a cookie under another name opens nothing', tossedCookies);
    await part('every answer says what a browser may do with it', headers);
    await part('a redirect leads nowhere else, and no header is written by a caller', headerInjection);
    await part('nobody is somebody else by writing X-Forwarded-For', proxies);
    await part('each caller has tries of their own, and no more by changing the address', limits);
  });
});

const FOREIGN: Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site', origin: TEST_ORIGIN },
  { origin: 'https://elsewhere.test' },
  { origin: 'null' },
  { origin: `${TEST_ORIGIN}.elsewhere.test` },
];

async function crossSite(t: Test, service: TestService): Promise<void> {
  const cookies = new Map<string, string>();
  for (const role of ROLES) cookies.set(role, await service.cookieOf(role));
  const writes = operationsOf(service.app).filter(
    ({ method, access }) =>
      !['GET', 'HEAD'].includes(method) && (access === 'signed-in' || typeof access !== 'string'),
  );
  t.ok(writes.length >= 50, `${writes.length} writes`);
  const before = await databaseDigest(service);
  for (const { method, url, access } of writes)
    for (const headers of FOREIGN) {
      const role = typeof access === 'string' ? 'clerk' : access[0];
      const answer = await service.app.inject({
        method: method as InjectOptions['method'],
        url: url.replaceAll(/:[A-Za-z]+/g, '0190a000-0000-7000-8000-000000000000'),
        headers: { cookie: cookies.get(role)!, 'content-type': 'application/json', ...headers },
        payload: '{}',
      });
      if (answer.statusCode !== 403 || answer.json<{ code: string }>().code !== 'cross-site-request')
        t.fail(`${method} ${url} ${JSON.stringify(headers)}: ${answer.statusCode} ${answer.body}`);
    }
  t.strictSame(await databaseDigest(service), before, 'nothing has changed');
}

async function signIn(service: TestService, cookie?: string) {
  const answer = await service.app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    headers: cookie === undefined ? {} : { cookie },
    payload: { loginLink: await service.loginLinkOf('clerk') },
    remoteAddress: anotherAddress(),
  });
  return { status: answer.statusCode, cookie: `${answer.cookies[0]?.name}=${answer.cookies[0]?.value}` };
}

async function standing({ app }: TestService, cookie: string): Promise<number> {
  return (await app.inject({ url: '/api/v1/sessions/current', headers: { cookie } })).statusCode;
}

async function fixation(t: Test, service: TestService): Promise<void> {
  const planted = `${SESSION_COOKIE}=${'A'.repeat(43)}`;
  const first = await signIn(service, planted);
  t.equal(first.status, 201);
  t.not(first.cookie, planted);
  t.equal(await standing(service, planted), 401, 'what somebody planted is no session');
  const second = await signIn(service, first.cookie);
  t.not(second.cookie, first.cookie);
  t.equal(await standing(service, second.cookie), 200);
  t.equal(
    await standing(service, first.cookie),
    401,
    'signing in again ends the session that the browser had',
  );
  const outsider = await signIn(service);
  t.equal(await standing(service, second.cookie), 200, 'and no other of the same officer');
  t.equal(await standing(service, outsider.cookie), 200);
}

async function tossedCookies(t: Test, service: TestService): Promise<void> {
  const { cookie } = await signIn(service);
  const [name, secret] = cookie.split('=');
  t.equal(name, '__Host-mohr_session', 'which browsers take from this host alone, over TLS');
  for (const other of [
    'mohr_session',
    '__host-mohr_session',
    '__Secure-mohr_session',
    ' __Host-mohr_session2',
  ])
    t.equal(await standing(service, `${other}=${secret}`), 401, other);
  const headers: Record<string, string>[] = [{ authorization: `Bearer ${secret}` }, { 'x-session': secret }];
  for (const sent of headers) {
    const answer = await service.app.inject({ url: '/api/v1/sessions/current', headers: sent });
    t.equal(answer.statusCode, 401, Object.keys(sent)[0]);
  }
  const inAddress = await service.app.inject(`/api/v1/sessions/current?${name}=${secret}`);
  t.equal(inAddress.statusCode, 401, 'nor in an address');
}

const ON_EVERY_ANSWER: Record<string, RegExp> = {
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^(SAMEORIGIN|DENY)$/,
  'referrer-policy': /^no-referrer$/,
  'strict-transport-security': /max-age=\d{8}/,
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/s,
  'cross-origin-resource-policy': /^same-origin$/,
  'cross-origin-opener-policy': /^same-origin$/,
};

/** Keys that callbacks are verified with. */
const PUBLIC_KEYS = '/api/v1/service-keys';

async function headers(t: Test, service: TestService): Promise<void> {
  const { app, house } = service;
  const cookie = await service.cookieOf('clerk');
  const gets = operationsOf(app).filter(({ method }) => method === 'GET');
  for (const { url } of gets) {
    // Stays open until the client goes; its answers have no other headers than those of its neighbours.
    if (url === '/api/v1/device/events') continue;
    // A worker is no page: it has a policy of its own (test/web/console-routes.test.ts).
    if (url === '/phone/worker.js') continue;
    const address = url.replaceAll(/:[A-Za-z]+/g, 'x').replace('*', 'x');
    const answer = await app.inject({ url: address, headers: { cookie }, remoteAddress: anotherAddress() });
    for (const [name, expected] of Object.entries(ON_EVERY_ANSWER)) {
      // The OAuth server’s pages are sent past the framework.
      const value = String(answer.headers[name] ?? answer.raw.res.getHeader(name) ?? '');
      if (!expected.test(value)) t.fail(`${url} (${answer.statusCode}): ${name} is "${value}"`);
    }
    const policy = String(answer.headers['content-security-policy']);
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
    t.notMatch(scripts, /unsafe|\*|http:/, `${url}: scripts come from ${scripts}`);
    if (url.startsWith('/api/v1/') && url !== PUBLIC_KEYS)
      t.match(answer.headers['cache-control'], /no-store/, `${url} is kept by no cache`);
    // What every client of OAuth reads about the server, and its keys (RFC 8414 §3).
    if (!/\.well-known\/|\/jwks$/.test(url))
      t.notOk(answer.headers['access-control-allow-origin'], `${url} is read by no other origin`);
    t.notOk(answer.headers['x-powered-by'] ?? answer.headers.server, `${url} names no software`);
  }
  const status = await buildStatusApp(
    { ...house.services, metrics: undefined, crls: undefined, tsa: undefined },
    { logger: SILENT },
  );
  const answer = await status.inject({
    method: 'POST',
    url: '/ocsp/bronze',
    headers: { 'content-type': 'application/ocsp-request' },
    payload: '0',
  });
  t.equal(answer.headers['x-content-type-options'], 'nosniff', 'on a node of its own too');
  await status.close();
}

async function headerInjection(t: Test, service: TestService): Promise<void> {
  const tries = [
    '%0d%0aset-cookie:%20a=b',
    '%0aset-cookie:a=b',
    '%E5%98%8A%E5%98%8Dset-cookie:a=b',
    '//elsewhere.test',
    '/\\elsewhere.test',
    '%2f%2felsewhere.test',
  ];
  for (const { method, url } of operationsOf(service.app)) {
    if (method !== 'GET' || url === '/api/v1/device/events') continue;
    for (const one of tries) {
      const address = /[:*]/.test(url)
        ? url.replaceAll(/:[A-Za-z]+/g, one).replace('*', one)
        : `${url}?redirect_uri=${one}&next=${one}`;
      const answer = await service.app.inject({
        url: address,
        headers: { host: 'elsewhere.test', 'x-forwarded-host': 'elsewhere.test' },
        remoteAddress: anotherAddress(),
      });
      t.notMatch(String(answer.headers['set-cookie'] ?? ''), /a=b/, address);
      t.notMatch(String(answer.headers.location ?? ''), /elsewhere/, address);
    }
  }
}

async function challenge(
  app: TestService['app'],
  remoteAddress: string,
  forwarded?: string,
): Promise<number> {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/session-challenges',
    remoteAddress,
    headers,
    payload: {},
  });
  return answer.statusCode;
}

const CHALLENGES_MAX = 20;

async function proxies(t: Test, { app, house }: TestService): Promise<void> {
  for (let one = 0; one < CHALLENGES_MAX; one += 1) await challenge(app, '10.9.0.1', `192.0.2.${one}`);
  t.equal(
    await challenge(app, '10.9.0.1', '192.0.2.99'),
    429,
    'of somebody who is no proxy it is not believed',
  );
  const options = { logger: SILENT, version: '0.0.0', trustedProxies: ['10.9.0.0/24', 'fd00::1'] };
  const behind = await buildApp(house.services, options);
  for (let one = 0; one < CHALLENGES_MAX; one += 1)
    t.equal(
      await challenge(behind, '10.9.0.1', `198.51.100.${one}`),
      201,
      'each who comes through the proxy counts alone',
    );
  for (let one = 0; one < CHALLENGES_MAX; one += 1) await challenge(behind, '10.9.0.1', '203.0.113.7');
  t.equal(await challenge(behind, '10.9.0.1', '203.0.113.7'), 429);
  t.equal(
    await challenge(behind, '10.9.0.1', '192.0.2.1, 203.0.113.7'),
    429,
    'whatever they write before the proxy adds theirs',
  );
  t.equal(await challenge(behind, '203.0.113.7', '192.0.2.1'), 429, 'or without it');
  await behind.close();
}

async function limits(t: Test, { app }: TestService): Promise<void> {
  const networks: [address: string, network: string][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:C000:201', '192.0.2.1'],
    ['2001:db8:1:2::3', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['what a proxy says', 'what a proxy says'],
  ];
  for (const [address, network] of networks) t.equal(callerNetwork(address), network, address);
  for (let one = 0; one < CHALLENGES_MAX; one += 1) await challenge(app, `2001:db8:7:7::${one}`);
  t.equal(await challenge(app, '2001:db8:7:7:1:2:3:4'), 429, 'one subscriber has 2^64 addresses');
  t.equal(await challenge(app, '2001:db8:7:8::1'), 201, 'the next one is somebody else');
  const limited: [method: string, url: string, max: number][] = [
    ['POST', '/api/v1/sessions', 10],
    ['POST', '/api/v1/enrolments', 10],
    ['POST', '/api/v1/self-service/codes', 10],
    ['POST', '/api/v1/self-service/blocks', 10],
    ['PUT', '/api/v1/self-service/revocation-password', 10],
    ['POST', '/api/v1/renewals', 10],
    ['POST', '/api/v1/validation-reports', 30],
    ['POST', '/api/v1/oauth/token', 120],
    ['POST', '/api/v1/validations', 1_200],
    ['POST', '/api/v1/certificate-statuses', 1_200],
    ['POST', '/api/v1/licence-events', 1_200],
    ['POST', '/tsa', 600],
    ['POST', '/csc/oauth2/token', 600],
  ];
  for (const [method, url, max] of limited) {
    const answer = await app.inject({
      method: method as 'POST',
      url,
      remoteAddress: '10.9.1.1',
      headers: { 'content-type': 'nonsense' },
      payload: 'x',
    });
    t.equal(answer.headers['x-ratelimit-limit'], String(max), url);
  }
}

let addresses = 0;

function anotherAddress(): string {
  addresses += 1;
  return `10.8.${addresses >> 8}.${addresses & 0xff}`;
}
