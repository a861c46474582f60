import type { InjectOptions } from 'fastify';
import { pino } from 'pino';
import t from 'tap';
import type { Test } from 'tap';

import type { DeclaredAccess } from '../../api/access.ts';
import { buildApp } from '../../api/app.ts';
import { SESSION_COOKIE } from '../../api/session-cookie.ts';
import { ROLES } from '../../ra/officer.ts';
import type { Role } from '../../ra/officer.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const HOUR = 3600;
const HALF_HOUR = HOUR / 2;

t.test('authorization', async (t) => {
  await onOneService(t, async (t, service) => {
    const part = (name: string, run: (t: Test, service: TestService) => Promise<void>) =>
      t.test(name, (t) => run(t, service));
    await part('who may call what is written down here once more', declaredRoles);
    await part('exactly the declared roles get in, on every route', matrix);
    await part('what another site makes a browser send changes nothing', crossSite);
    await part('the session cookie is out of reach of scripts and other sites', cookieFlags);
    await part('a login link works once, within its hour', loginLinks);
    await part(
      'a session ends after half an hour without use, after ten hours, or when its officer signs out',
      sessions,
    );
  });
});

const MANAGEMENT: readonly Role[] = ['office-manager', 'ca-operator', 'security-officer'];

/** Whoever changes a right changes it in two places, and knows it. */
const RIGHTS: Record<string, DeclaredAccess['access']> = {
  'POST /ocsp/:ca': 'public',
  // Refused for everybody, by 405.
  'PUT /ocsp/:ca': 'public',
  'PATCH /ocsp/:ca': 'public',
  'DELETE /ocsp/:ca': 'public',
  'POST /ocsp/:ca/*': 'public',
  'PUT /ocsp/:ca/*': 'public',
  'PATCH /ocsp/:ca/*': 'public',
  'DELETE /ocsp/:ca/*': 'public',
  'POST /tsa': 'public',
  'POST /api/v1/augmentations': 'relying-party',
  'POST /api/v1/sessions': 'public',
  'POST /api/v1/session-challenges': 'public',
  'POST /api/v1/passkey-registrations': 'signed-in',
  'POST /api/v1/passkeys': 'signed-in',
  'DELETE /api/v1/passkeys/:id': 'signed-in',
  'POST /api/v1/validations': 'public',
  'POST /api/v1/path-validations': 'public',
  'POST /api/v1/validation-reports': 'public',
  'POST /api/v1/kept-verdicts': 'public',
  'DELETE /api/v1/kept-verdicts/current': 'public',
  'POST /api/v1/certificate-statuses': 'public',
  'POST /api/v1/validation-batches': 'relying-party',
  'DELETE /api/v1/sessions/current': 'signed-in',
  'DELETE /api/v1/sessions': 'signed-in',
  'DELETE /api/v1/sessions/:id': 'signed-in',
  'POST /api/v1/offices': ['ca-operator', 'security-officer'],
  'PATCH /api/v1/offices/:id': MANAGEMENT,
  'POST /api/v1/officer-changes': MANAGEMENT,
  'POST /api/v1/officer-changes/:id/confirm': MANAGEMENT,
  'POST /api/v1/officer-changes/:id/reject': MANAGEMENT,
  'POST /api/v1/officers/:id/login-links': MANAGEMENT,
  'DELETE /api/v1/officers/:id/sessions': MANAGEMENT,
  'POST /api/v1/officers/:id/certificates/:authority/:serial/revoke': MANAGEMENT,
  'POST /api/v1/officer-certificates': 'signed-in',
  'POST /api/v1/applications': ['clerk'],
  'PUT /api/v1/applications/:id': ['clerk'],
  'DELETE /api/v1/applications/:id': ['clerk'],
  'POST /api/v1/applications/:id/check': ['clerk'],
  'POST /api/v1/applications/:id/submit': ['clerk'],
  'POST /api/v1/applications/:id/accept': ['clerk'],
  'POST /api/v1/applications/:id/approve': ['approving-officer'],
  'POST /api/v1/applications/:id/activation': ['clerk'],
  'POST /api/v1/applications/:id/activation-codes': ['clerk', 'office-manager'],
  'POST /api/v1/applications/:id/reject': ['approving-officer'],
  'POST /api/v1/applications/:id/withdraw': ['clerk'],
  'POST /api/v1/applications/:id/register-checks': ['clerk', 'approving-officer'],
  'PUT /api/v1/applications/:id/contact': ['clerk'],
  'POST /api/v1/applications/:id/evidence': ['clerk'],
  'POST /api/v1/applications/:id/legal-holds': ['security-officer', 'auditor'],
  'POST /api/v1/applications/:id/legal-holds/:holdId/lift': ['security-officer', 'auditor'],
  'PUT /api/v1/applications/:id/revocation-password': ['clerk'],
  'POST /api/v1/inspections': ['security-officer', 'auditor'],
  'POST /api/v1/inspections/:id/findings': ['security-officer', 'auditor'],
  'POST /api/v1/inspections/:id/close': ['security-officer', 'auditor'],
  'POST /api/v1/card-batches': ['ca-operator'],
  'POST /api/v1/cards/assignments': ['ca-operator'],
  // Which of them does what stands in the table of cards.
  'POST /api/v1/cards/:id/changes': ['ca-operator', 'office-manager', 'clerk'],
  'POST /api/v1/cards/:id/tickets': ['clerk'],
  'POST /api/v1/card-agent/tickets': [
    'clerk',
    'approving-officer',
    'office-manager',
    'ca-operator',
    'security-officer',
    'auditor',
  ],
  'POST /api/v1/personalisations': ['clerk'],
  'POST /api/v1/personalisations/:id/tickets': ['clerk'],
  'POST /api/v1/personalisations/:id/pin': ['clerk'],
  'POST /api/v1/personalisations/:id/request': ['clerk'],
  'POST /api/v1/personalisations/:id/written': ['clerk'],
  'POST /api/v1/personalisations/:id/tested': ['clerk'],
  'POST /api/v1/personalisations/:id/receipt': ['clerk'],
  'POST /api/v1/personalisations/:id/abandon': ['clerk'],
  // Signed by the holder's certificate.
  'POST /.well-known/est/simpleenroll': 'public',
  'POST /.well-known/est/simplereenroll': 'public',
  'POST /.well-known/est/:label/simpleenroll': 'public',
  'POST /.well-known/est/:label/simplereenroll': 'public',
  'POST /api/v1/enrolments': 'public',
  'POST /api/v1/enrolments/challenges': 'public',
  'POST /api/v1/renewals': 'public',
  'POST /api/v1/renewals/:id/acceptance': 'public',
  'POST /api/v1/renewals/challenges': 'public',
  // Holders prove themselves by a password or code in the body.
  'POST /api/v1/self-service/codes': 'public',
  'POST /api/v1/self-service/blocks': 'public',
  'PUT /api/v1/self-service/revocation-password': 'public',
  'POST /api/v1/register-checks': ['clerk', 'approving-officer'],
  // Signed by the Medical Council.
  'POST /api/v1/licence-events': 'public',
  'POST /api/v1/relying-parties': ['ca-operator'],
  'PATCH /api/v1/relying-parties/:relyingParty': ['ca-operator'],
  'POST /api/v1/relying-parties/:relyingParty/credentials': ['ca-operator'],
  'PUT /api/v1/relying-parties/:relyingParty/redirect-uris': ['ca-operator'],
  'DELETE /api/v1/relying-parties/:relyingParty/credentials/:kind/:keyId': ['ca-operator'],
  // Signed by the relying party, or by a phone's key.
  'POST /api/v1/oauth/token': 'public',
  'POST /api/v1/device/challenges': 'public',
  'POST /api/v1/device/sign-ins': 'public',
  'POST /api/v1/signature-sessions': 'relying-party',
  'DELETE /api/v1/device/sign-ins/current': 'device',
  'POST /api/v1/device/signature-sessions/:id/display': 'device',
  'POST /api/v1/device/signature-sessions/:id/code': 'device',
  'POST /api/v1/device/signature-sessions/:id/pin-failures': 'device',
  'POST /api/v1/device/signature-sessions/:id/refusal': 'device',
  'POST /api/v1/device/signature-sessions/:id/signatures': 'device',
  'POST /csc/v2/info': 'public',
  'POST /csc/v2/credentials/list': 'csc-client',
  'POST /csc/v2/credentials/info': 'csc-client',
  'POST /csc/v2/credentials/authorize': 'csc-client',
  'POST /csc/v2/credentials/authorizeCheck': 'csc-client',
  'POST /csc/v2/signatures/signDoc': 'csc-client',
  'POST /csc/v2/signatures/signHash': 'csc-client',
  'POST /csc/v2/signatures/signPolling': 'csc-client',
  'POST /csc/v2/auth/revoke': 'csc-client',
  'POST /csc/oauth2/pushed_authorize': 'public',
  'POST /csc/oauth2/token': 'public',
  'POST /csc/oauth2/revoke': 'public',
  'POST /csc/oauth2/interaction/:uid': 'public',
  'PUT /api/v1/device/push-subscription': 'device',
  'DELETE /api/v1/device/push-subscription': 'device',
  'POST /api/v1/device/pairings': 'device',
  'POST /api/v1/certificates/:authority/:serialNumber/hold': ['clerk', 'ca-operator'],
  'POST /api/v1/certificates/:authority/:serialNumber/release': ['ca-operator'],
  'POST /api/v1/certificates/:authority/:serialNumber/revoke': ['ca-operator'],
};

/** What changes how an officer proves who they are, or ends what they have opened: not from a desk that was left. */
const FRESHLY_PROVED = [
  'DELETE /api/v1/passkeys/:id',
  'DELETE /api/v1/sessions',
  'DELETE /api/v1/sessions/:id',
  'POST /api/v1/passkey-registrations',
  'POST /api/v1/passkeys',
];

/** The console's pages hold no data: what they show they read from the API. */
const PUBLIC_READS =
  /^\/($|health$|ready$|metrics$|cps$|ca\/|crl\/|ocsp\/|log\/|api\/v1\/(authorities|log\/(inclusion|consistency)-proof|service-keys|device\/push-key|kept-verdicts\/current)$|api\/v1\/enrolments\/certificates\/|\.well-known\/(est\/|oauth-authorization-server\/csc$)|csc\/(logo\.png$|\.well-known\/|oauth2\/(authorize|interaction|jwks))|assets\/|seal\.svg$|(sign-in|block|verify|passkeys|dashboard|card-deliveries)$|(relying-parties|applications|certificates|holders|offices|inspections|cards|phone)(\/|$))/;

async function declaredRoles(t: Test, { app }: TestService): Promise<void> {
  const [reads, writes] = [[], []] as DeclaredAccess[][];
  for (const route of app.declaredAccess) (isRead(route) ? reads : writes).push(route);
  t.strictSame(Object.fromEntries(writes.map((route) => [nameOf(route), route.access])), RIGHTS);
  const proved = app.declaredAccess.filter(({ proof }) => proof === 'fresh');
  t.strictSame(proved.map(nameOf).sort(), FRESHLY_PROVED);
  // The library that shows the documentation declares nothing: it may have its own corner, and only to read from.
  const branches = app
    .printRoutes({ commonPrefix: false })
    .split(/^[├└]── /m)
    .slice(1);
  for (const branch of branches) {
    const [path] = branch.split(/[ |]/);
    if (path === '/docs') t.notMatch(branch, /POST|PUT|PATCH|DELETE/);
    else
      t.ok(
        app.declaredAccess.some(({ url }) => url.startsWith(path)),
        `${path} is declared`,
      );
  }
  for (const route of reads)
    t.equal(
      route.access === 'public',
      PUBLIC_READS.test(route.url),
      `${nameOf(route)} is ${String(route.access)}`,
    );
}

async function matrix(t: Test, service: TestService): Promise<void> {
  const cookies = new Map<string, string>();
  for (const role of ROLES) cookies.set(role, await service.cookieOf(role));
  for (const route of service.app.declaredAccess) {
    // Signing out would take the session from the routes that follow.
    if (route.method === 'DELETE') continue;
    // Asks everybody for a token of its own, and for no session (test/cli/metrics.test.ts).
    if (route.url === '/metrics') continue;
    // Asks everybody for TLS, and for no session (test/api/est.test.ts).
    if (route.url.startsWith('/.well-known/est/')) continue;
    const { access } = route;
    // Answers in words of its own, and officers are nobody to it (test/csc/csc-methods.test.ts).
    if (route.url.startsWith('/csc/') || route.url.endsWith('/csc')) continue;
    if (access === 'relying-party' || access === 'device') {
      await machines(t, service, route, cookies);
      continue;
    }
    const closed = access !== 'public';
    t.strictSame(
      await outcome(service, route, ''),
      closed ? 'session-missing' : 'let in',
      `nobody: ${nameOf(route)}`,
    );
    t.strictSame(
      await outcome(service, route, `${SESSION_COOKIE}=made-up`),
      closed ? 'session-invalid' : 'let in',
      `a made-up session: ${nameOf(route)}`,
    );
    for (const role of ROLES) {
      const allowed: boolean = access === 'public' || access === 'signed-in' || access.includes(role);
      const actual = await outcome(service, route, cookies.get(role)!);
      t.equal(actual, allowed ? 'let in' : 'role-missing', `${role}: ${nameOf(route)}`);
    }
  }
}

/** No session of any officer is a token. */
async function machines(
  t: Test,
  service: TestService,
  route: DeclaredAccess,
  cookies: ReadonlyMap<string, string>,
): Promise<void> {
  const expected = route.access === 'device' ? 'device-token-invalid' : 'client-token-invalid';
  if (route.method === 'HEAD') return;
  for (const [who, cookie] of [['nobody', ''], ...cookies])
    t.equal(await outcome(service, route, cookie), expected, `${who}: ${nameOf(route)}`);
}

/** The code of a refusal for want of rights; whatever else the route says, it has let the caller in. */
async function outcome(
  { app }: TestService,
  { method, url }: DeclaredAccess,
  cookie: string,
): Promise<string> {
  const address = url
    .replaceAll(/:(id|evidenceId|holdId)\b/g, '0190a000-0000-7000-8000-000000000000')
    .replace(':serialNumber', '00'.repeat(16))
    .replace(/:[a-z]+/gi, 'bronze')
    .replace('*', 'AAAA');
  const answer = await app.inject({
    method: method as InjectOptions['method'],
    url: address,
    headers: { cookie },
    remoteAddress: anotherAddress(),
  });
  // A HEAD has no body to carry a code.
  if (![401, 403].includes(answer.statusCode)) return 'let in';
  if (method === 'HEAD')
    return { 401: cookie ? 'session-invalid' : 'session-missing', 403: 'role-missing' }[answer.statusCode]!;
  return answer.json<{ code: string }>().code;
}

async function crossSite(t: Test, service: TestService): Promise<void> {
  const { path } = await issueDoctor(service);
  const cookie = await service.cookieOf('ca-operator');
  const hold = async (headers: Record<string, string>, payload?: string) => {
    const answer = await service.app.inject({
      method: 'POST',
      url: `${path}/hold`,
      headers: { cookie, ...headers },
      payload,
    });
    return [answer.statusCode, answer.json<{ code?: string }>().code];
  };
  const host = { host: 'mohr.internal:8080' };
  t.strictSame(await hold({ 'content-type': 'text/plain' }, '{}'), [415, 'media-type-unsupported']);
  t.strictSame(await hold({ 'content-type': 'application/x-www-form-urlencoded' }, 'a=b'), [
    415,
    'media-type-unsupported',
  ]);
  t.strictSame(await hold({ 'content-type': 'multipart/form-data; boundary=x' }, '--x--'), [
    415,
    'media-type-unsupported',
  ]);
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://elsewhere.test' },
    { origin: 'null' },
    { origin: 'http://mohr.test.elsewhere.test' },
    { origin: 'http://mohr.internal:8080', 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of foreign)
    t.strictSame(await hold({ ...host, ...headers }), [403, 'cross-site-request'], JSON.stringify(headers));
  const reading = await service.app.inject({
    url: path,
    headers: { cookie, 'sec-fetch-site': 'cross-site' },
  });
  t.match(
    reading.json(),
    { status: { kind: 'good' } },
    'nothing has changed, and a link from elsewhere opens',
  );

  const lift = (headers: Record<string, string>) =>
    service.app.inject({ method: 'POST', url: `${path}/release`, headers: { cookie, ...headers } });
  const ours: Record<string, string>[] = [
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://mohr.internal:8080' },
    { origin: 'http://mohr.test' },
    {},
  ];
  for (const headers of ours) {
    t.strictSame((await hold({ ...host, ...headers }))[0], 200, `ours: ${JSON.stringify(headers)}`);
    t.equal((await lift({ ...host, ...headers })).statusCode, 200);
  }
}

async function cookieFlags(t: Test, service: TestService): Promise<void> {
  const { house, app } = service;
  const signedIn = await signIn(service, app);
  t.equal(signedIn.cookies.length, 1);
  const [{ expires, value, ...flags }] = signedIn.cookies;
  const expected = { name: '__Host-mohr_session', path: '/', httpOnly: true, sameSite: 'Strict' };
  t.strictSame(flags, { ...expected, secure: true }, 'over TLS it never leaves TLS');
  t.match(signedIn.headers['strict-transport-security'], /max-age=/);
  t.match(value, /^[A-Za-z0-9_-]{43}$/);
  const secondsLeft = (expires!.getTime() - service.clock.now().getTime()) / 1000;
  t.ok(Math.abs(secondsLeft - 10 * HOUR) <= 1, 'the browser forgets it when we do');
  t.notOk(JSON.stringify(signedIn.json()).includes(value), 'the secret stands in the cookie only');

  const services = { ...house.services, consoleUrl: 'http://localhost:8080' };
  const local = await buildApp(services, { logger: pino({ level: 'silent' }), version: '0.0.0' });
  const [cookie] = (await signIn(service, local)).cookies;
  t.match(
    cookie,
    { name: 'mohr_session', secure: undefined },
    'on the machine itself it may be sent without',
  );
  await local.close();
  for (const consoleUrl of [
    'https://localhost',
    'https://mohr.localhost:8443',
    'https://127.0.0.1',
    'https://[::1]',
  ]) {
    const own = await buildApp(
      { ...services, consoleUrl },
      { logger: pino({ level: 'silent' }), version: '0.0.0' },
    );
    const { headers } = await own.inject('/health');
    t.equal(
      headers['strict-transport-security'],
      undefined,
      `${consoleUrl}: nothing else there is locked out`,
    );
    await own.close();
  }
}

async function signIn(service: TestService, app: TestService['app'], loginLink?: string) {
  const payload = { loginLink: loginLink ?? (await service.loginLinkOf('clerk')) };
  return app.inject({ method: 'POST', url: '/api/v1/sessions', payload, remoteAddress: anotherAddress() });
}

let addresses = 0;

/** Attempts to sign in are counted by address. */
function anotherAddress(): string {
  addresses += 1;
  return `10.1.${addresses >> 8}.${addresses & 0xff}`;
}

async function loginLinks(t: Test, service: TestService): Promise<void> {
  const { app, clock } = service;
  const use = async (link: string) => {
    const answer = await signIn(service, app, link);
    return answer.statusCode === 201 ? 'signed in' : answer.json<{ code: string }>().code;
  };
  const once = await service.loginLinkOf('clerk');
  t.equal(await use(once), 'signed in');
  t.equal(await use(once), 'login-link-invalid', 'used');
  const contested = await service.loginLinkOf('clerk');
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => use(contested)));
  t.equal(outcomes.filter((one) => one === 'signed in').length, 1, 'of eight at once one gets in');

  const [early, late] = [await service.loginLinkOf('clerk'), await service.loginLinkOf('clerk')];
  clock.advanceSeconds(HOUR - 1);
  t.equal(await use(early), 'signed in', 'a second before its hour ends');
  clock.advanceSeconds(1);
  t.equal(await use(late), 'login-link-invalid', 'expired');
}

async function sessions(t: Test, service: TestService): Promise<void> {
  const { app, clock } = service;
  const who = async (cookie: string) => {
    const answer = await app.inject({ url: '/api/v1/sessions/current', headers: { cookie } });
    return answer.statusCode === 200 ? 'signed in' : answer.json<{ code: string }>().code;
  };
  const [one, other] = [await service.cookieOf('clerk'), await service.cookieOf('clerk')];
  const out = await app.inject({
    method: 'DELETE',
    url: '/api/v1/sessions/current',
    headers: { cookie: one },
  });
  t.equal(out.statusCode, 204);
  t.match(
    out.cookies,
    [{ name: '__Host-mohr_session', secure: true, value: '', expires: new Date(0) }],
    'the browser forgets it',
  );
  t.equal(await who(one), 'session-invalid');
  t.equal(await who(other), 'signed in', 'the other session of this officer goes on');
  const idle = await service.cookieOf('clerk');
  const opened = clock.now().getTime();
  while (clock.now().getTime() < opened + (10 * HOUR - HALF_HOUR) * 1000) {
    clock.advanceSeconds(HALF_HOUR);
    t.equal(await who(other), 'signed in', 'used at the last second of each half hour');
  }
  clock.advanceSeconds(HALF_HOUR - 1);
  t.equal(await who(other), 'signed in', 'a second before ten hours');
  clock.advanceSeconds(1);
  t.equal(await who(other), 'session-invalid');
  t.equal(await who(idle), 'session-invalid');
  const left = await service.cookieOf('clerk');
  clock.advanceSeconds(HALF_HOUR + 1);
  t.equal(await who(left), 'session-invalid', 'left alone for more than half an hour');
  const events = await service.house.stores.database.query<{ action: string }>({
    text: `select action from audit_event where action = 'sign-out'`,
  });
  t.equal(events.length, 1, 'signing out is recorded');
}

function isRead({ method }: DeclaredAccess): boolean {
  return method === 'GET' || method === 'HEAD';
}

function nameOf({ method, url }: DeclaredAccess): string {
  return `${method} ${url}`;
}
