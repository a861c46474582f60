import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';

import fc from 'fast-check';
import type { InjectOptions, LightMyRequestResponse as Answer } from 'fastify';
import t from 'tap';
import type { Test } from 'tap';

import type { Access } from '../../api/access.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { decodePem, encodePem } from '../../pki/pem.ts';
import type { Role } from '../../ra/officer.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { applicant, applicationBody } from '../support/applications.ts';
import { HOSTILE_TEXTS, mutatedBytes, mutatedJson } from '../support/hostile-input.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// Whatever is sent, the answer is a refusal with a code, or what was asked for: never a 5xx, never late, and no row without
// its 2xx.

const ANSWER_MILLISECONDS_MAX = 30_000;
/** One application or status change at most is accepted by a request; these tables tell. */
const TABLES = [
  'application',
  'issuance_intent',
  'certificate',
  'status_change',
  'officer_session',
  'authority',
  'blocked_key',
];

/** Sends what a test makes up, and looks at every answer the same way. */
class Prober {
  readonly service: TestService;
  readonly doctor: IssuedDoctor;
  readonly #cookies: ReadonlyMap<Role, string>;

  private constructor(service: TestService, doctor: IssuedDoctor, cookies: ReadonlyMap<Role, string>) {
    this.service = service;
    this.doctor = doctor;
    this.#cookies = cookies;
  }

  static async open(service: TestService): Promise<Prober> {
    const cookies = new Map<Role, string>();
    for (const role of ['clerk', 'approving-officer', 'ca-operator'] as const)
      cookies.set(role, await service.cookieOf(role));
    return new Prober(service, await issueDoctor(service), cookies);
  }

  cookie(role: Role): string {
    return this.#cookies.get(role)!;
  }

  /** Cookie of somebody whom the route lets in. */
  cookieFor(access: Access): string {
    if (typeof access === 'string') return this.cookie('clerk');
    return this.cookie(access.find((role) => this.#cookies.has(role)) ?? 'clerk');
  }

  /** Resolves to the answer, or throws with what is wrong with it. */
  async send(request: InjectOptions): Promise<Answer> {
    const started = performance.now();
    const answer = await this.service.app.inject(request);
    const milliseconds = performance.now() - started;
    const fault = faultOf(answer, milliseconds);
    if (fault) throw new Error(`${describe(request)}: ${fault}`);
    return answer;
  }

  /** Rows of each table; login links do not count, using one up is what a wrong one may not do. */
  async rows(): Promise<Record<string, number>> {
    const counts = TABLES.map((table) => `(select count(*)::int from ${table}) as ${table}`);
    const accepted = `(select count(*)::int from audit_event where outcome = 'accepted' and actor_kind = 'officer') as accepted`;
    const used = '(select count(*)::int from login_link where used_at is not null) as used_links';
    const text = `select ${[...counts, accepted, used].join(', ')}`;
    const [row] = await this.service.house.stores.database.query<Record<string, number>>({ text });
    return row;
  }
}

const CSC_REFUSAL = /^(\{"error":"[a-z_]+"|[a-z_]+: |<!doctype html>|$)/;

function faultOf(answer: Answer, milliseconds: number): string | undefined {
  const { statusCode, headers } = answer;
  const isHead = answer.raw.req.method === 'HEAD';
  if (statusCode >= 500) return `${statusCode} ${answer.body}`;
  if (milliseconds > ANSWER_MILLISECONDS_MAX) return `took ${milliseconds} ms`;
  if (headers['content-type'] === 'application/ocsp-response' && !isHead) {
    return parseOcspResponse(answer.rawPayload) ? undefined : 'not an OCSPResponse';
  }
  if (statusCode < 400) return undefined;
  // What a token endpoint refuses is as RFC 6749 §5.2 says.
  if (answer.raw.req.url === '/api/v1/oauth/token' && /"error":"[a-z_]+"/.test(answer.body)) return undefined;
  // The CSC API and its OAuth server have words of their own, and pages for a browser.
  if (/^\/(csc|oauth2|\.well-known)\/|\/csc$/.test(answer.raw.req.url ?? '') && CSC_REFUSAL.test(answer.body))
    return undefined;
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8')
    return `${statusCode} as ${String(headers['content-type'])}`;
  if (isHead) return undefined;
  const problem = answer.json<{ status: number; code: string; type: string }>();
  const isProblem =
    problem.status === statusCode &&
    /^[a-z][a-z0-9-]+$/.test(problem.code) &&
    problem.type.endsWith(problem.code);
  return isProblem ? undefined : `no problem document: ${answer.body}`;
}

function describe({ method, url, payload }: InjectOptions): string {
  const text = payload instanceof Buffer ? payload.toString('base64') : JSON.stringify(payload);
  return `${method} ${JSON.stringify(url).slice(0, 300)} ${String(text).slice(0, 600)}`;
}

t.test('malformed input', async (t) => {
  await onOneService(t, async (t, service) => {
    const prober = await Prober.open(service);
    const part = (name: string, run: (t: Test, prober: Prober) => Promise<void>) =>
      t.test(name, (t) => run(t, prober));
    await part('every route refuses every other body, media type and method', everyRoute);
    await part('every path parameter and query survives every text', everyAddress);
    await part('an application is stored as a whole or refused, whatever its JSON', applications);
    await part('no mutated certification request is taken, and none is stored', certificationRequests);
    await part('decisions and status changes refuse what they cannot store', decisions);
    await part('sign-in uses no link up for a malformed body', signIn);
    await part('validations answer any octets with a verdict or a refusal', validations);
    await part('OCSP answers any octets by GET and POST', ocspRequests);
    await part('what is not HTTP is refused on the wire', wire);
  });
});

/** Routes that ask for an empty object, so that another site cannot send it as a form. */
const TAKES_NOTHING = [
  '/api/v1/session-challenges',
  '/api/v1/passkey-registrations',
  '/api/v1/device/challenges',
];
/** Says what there is to whoever asks; members that are not known may be of a later version. */
const TAKES_ANYTHING = '/csc/v2/info';

async function everyRoute(t: Test, prober: Prober): Promise<void> {
  const { declaredAccess } = prober.service.app;
  t.ok(declaredAccess.length >= 30, `${declaredAccess.length} routes`);
  const bodies: [mediaType: string, payload: Buffer | string][] = [
    ['application/json', ''],
    ['application/json', 'null'],
    ['application/json', '"text"'],
    ['application/json', '[]'],
    ['application/json', '{}'],
    ['application/json', '{"a":1,"a":2}'],
    ['application/json', '{"__proto__":{"admin":true}}'],
    ['application/json', '{"constructor":{"prototype":{}}}'],
    ['application/json', '\ufeff{}'],
    ['application/json', '{"version":1'],
    ['application/json', Buffer.from('{"note":"\u0634"}', 'utf16le')],
    ['application/json', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['application/json', '['.repeat(50_000)],
    ['application/json', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['application/json', `{"a":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`],
    ['application/json', `{${Array.from({ length: 9_000 }, (_, at) => `"k${at}":0`).join(',')}}`],
    ['application/json', 'x'.repeat(200_000)],
    ['application/json; charset=utf-16', '{}'],
    ['text/plain', '{"version":1}'],
    ['application/x-www-form-urlencoded', 'version=1'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/octet-stream', Buffer.alloc(100)],
    ['application/ocsp-request', Buffer.from([0x30, 0x80])],
    ['application/pkcs7-mime', Buffer.from([0x30, 0x00])],
    ['nonsense', 'x'],
    ['/', 'x'],
    [`application/json; a="${'x'.repeat(5_000)}"`, '{}'],
  ];
  const before = await prober.rows();
  for (const { url, access, method } of declaredAccess) {
    // Of nobody: a body that happens to suit still decides nothing.
    const address = url
      .replace(':id', '0190a000-0000-7000-8000-000000000000')
      .replace(':serialNumber', '00'.repeat(16))
      .replace(/:[a-z]+/gi, 'bronze')
      .replace('*', 'AAAA');
    const cookie = prober.cookieFor(access);
    const methods = new Set([
      method,
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'HEAD',
      'TRACE',
      'PROPFIND',
    ]);
    for (const one of methods) {
      if (/\/sessions(\/current)?$/.test(address) && one === 'DELETE') continue;
      const answer = await prober.send({
        method: one,
        url: address,
        headers: { cookie },
      });
      if (one !== method && !['HEAD', 'GET', 'POST'].includes(one))
        t.ok(answer.statusCode >= 400, `${one} ${url}: ${answer.statusCode}`);
    }
    if (method !== 'POST' || url === TAKES_ANYTHING) continue;
    for (const [mediaType, payload] of bodies) {
      const headers = { cookie, 'content-type': mediaType };
      const answer = await prober.send({ method: 'POST', url: address, headers, payload });
      const isOcsp = answer.headers['content-type'] === 'application/ocsp-response';
      const isAsked = TAKES_NOTHING.includes(url) && /^\ufeff?\{\}$/.test(payload.toString());
      if (answer.statusCode < 400 && !isOcsp && !isAsked)
        t.fail(`${method} ${url} took ${mediaType} ${payload.slice(0, 60).toString()}`);
    }
  }
  t.strictSame(await prober.rows(), before, 'no row was written');
}

async function everyAddress(t: Test, prober: Prober): Promise<void> {
  const segments = [
    ...HOSTILE_TEXTS.filter((text) => /^\P{Cs}*$/u.test(text)).map(encodeURIComponent),
    '%',
    '%zz',
    '%c3%28',
    '%ed%a0%80',
    '%2e%2e%2f',
    '..;',
    '%00',
    'x'.repeat(4_096),
    'x'.repeat(4_097),
    'x'.repeat(15_000),
  ];
  const before = await prober.rows();
  for (const { url, access, method } of prober.service.app.declaredAccess) {
    const headers = { cookie: prober.cookieFor(access) };
    const addresses = url.includes(':') || url.includes('*') ? segments.map((one) => filled(url, one)) : [];
    for (const address of addresses) await prober.send({ method: method, url: address, headers });
    if (method !== 'GET') continue;
    const isSearch = /\/(applications|certificates)$/.test(url);
    for (const name of isSearch ? ['text', 'state', 'before', 'limit', 'applicationId'] : ['unknown']) {
      const values = isSearch ? segments : ['', '%00', '%zz'];
      const queries = [
        ...values.map((one) => `${name}=${one}`),
        `${name}=a&${name}=b`,
        `${name}[]=1`,
        `${name}[a]=1`,
      ];
      for (const query of queries)
        await prober.send({ method: 'GET', url: `${filled(url, 'bronze')}?${query}`, headers });
    }
  }
  t.strictSame(await prober.rows(), before, 'no row was written');

  const clerk = { cookie: prober.cookie('clerk') };
  const codeOf = async (url: string) => {
    const answer = await prober.send({ method: 'GET', url: `/api/v1${url}`, headers: clerk });
    return [answer.statusCode, answer.json<{ code: string }>().code];
  };
  t.strictSame(await codeOf('/applications?text=%00'), [400, 'text-malformed']);
  t.strictSame(await codeOf('/certificates?text=a%00b'), [400, 'text-malformed']);
  t.strictSame(await codeOf('/applications?limit=1&limit=2'), [400, 'request-malformed']);
  t.strictSame(await codeOf('/applications?limit=1e400'), [400, 'number-malformed']);
  t.strictSame(await codeOf('/applications?text=a&text=b'), [400, 'request-malformed']);
  t.strictSame(await codeOf('/applications/urn:uuid:0190a000-0000-7000-8000-000000000000'), [
    400,
    'request-malformed',
  ]);
  t.strictSame(await codeOf('/applications/%zz'), [400, 'request-malformed']);
  t.strictSame(await codeOf(`/applications/${'x'.repeat(4_097)}`), [414, 'address-too-long']);
  const huge = await prober.send({
    method: 'GET',
    url: '/health',
    headers: { 'x-filler': 'x'.repeat(100_000) },
  });
  t.equal(huge.statusCode, 200, 'a header that nobody reads');
}

function filled(url: string, segment: string): string {
  return url.replace(/:[a-z]+/gi, segment).replace('*', segment);
}

async function applications(t: Test, prober: Prober): Promise<void> {
  const headers = { cookie: prober.cookie('clerk'), 'content-type': 'application/json' };
  const file = (payload: string) =>
    prober.send({ method: 'POST', url: '/api/v1/applications', headers, payload });
  const good = await applicationBody();
  const before = await prober.rows();
  let accepted = 0;
  const take = (answer: Answer) => void (answer.statusCode === 201 && (accepted += 1));
  const text = JSON.stringify(good);
  take(await file(text));
  t.equal(accepted, 1, 'what they are made from is right');
  await fc.assert(
    fc.asyncProperty(mutatedJson(good), async (payload) => take(await file(payload))),
    { numRuns: 200 },
  );
  await fc.assert(
    fc.asyncProperty(mutatedBytes(Buffer.from(text)), async (payload) =>
      take(await file(payload.toString('latin1'))),
    ),
    { numRuns: 100 },
  );
  const after = await prober.rows();
  t.strictSame(
    after,
    { ...before, application: before.application + accepted, accepted: before.accepted + 2 * accepted },
    `${accepted} were accepted: each has its row, the events of filing and of asking the registers, and nothing else has one`,
  );
  for (const name of ['givenName', 'surname', 'latinName']) {
    for (const character of ['\0', '\ud800', '\u202e', '\u2066', '\u0007']) {
      const answer = await file(
        JSON.stringify({ ...good, applicant: applicant({ [name]: `ش${character}یرین` }) }),
      );
      t.ok(
        answer.statusCode === 400 || answer.statusCode === 422,
        `${name} with U+${character.charCodeAt(0).toString(16)}`,
      );
    }
  }
  t.strictSame((await prober.rows()).application, after.application);
}

async function certificationRequests(t: Test, prober: Prober): Promise<void> {
  const headers = { cookie: prober.cookie('clerk') };
  const good = await applicationBody();
  const der = decodePem(good.certificationRequest, ['CERTIFICATE REQUEST'])[0].bytes;
  const before = await prober.rows();
  const codes = new Set<string>();
  const refused = async (certificationRequest: string) => {
    const payload = { ...good, certificationRequest };
    const answer = await prober.send({ method: 'POST', url: '/api/v1/applications', headers, payload });
    if (answer.statusCode < 400) throw new Error('was accepted');
    codes.add(answer.json<{ code: string }>().code);
  };
  await fc.assert(
    fc.asyncProperty(mutatedBytes(der), async (bytes) => {
      if (!bytes.equals(der)) await refused(encodePem('CERTIFICATE REQUEST', bytes));
    }),
    { numRuns: 250 },
  );
  const pem = encodePem('CERTIFICATE REQUEST', der);
  const texts = [
    '',
    pem + pem,
    pem.replace('REQUEST', 'x'),
    der.toString('base64'),
    encodePem('CERTIFICATE', der),
    pem.replaceAll('\n', '\0'),
    '-----BEGIN CERTIFICATE REQUEST-----'.repeat(900),
    encodePem(
      'CERTIFICATE REQUEST',
      Buffer.concat(Array.from({ length: 6_000 }, () => Buffer.from([0x30, 0x80]))),
    ),
    encodePem('CERTIFICATE REQUEST', Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])),
  ];
  for (const text of texts) await refused(text);
  t.strictSame(await prober.rows(), before, 'no row was written');
  for (const code of ['certification-request-malformed', 'certification-request-signature'])
    t.ok(codes.has(code), `among the codes: ${[...codes].join(', ')}`);
}

async function decisions(t: Test, prober: Prober): Promise<void> {
  const { app } = prober.service;
  const filed = await app.inject({
    method: 'POST',
    url: '/api/v1/applications',
    headers: { cookie: prober.cookie('clerk') },
    payload: await applicationBody(),
  });
  const { id } = filed.json<{ id: string }>();
  const before = await prober.rows();
  const refused = async (cookie: string, url: string, payload: object, status: number, code: string) => {
    const answer = await prober.send({ method: 'POST', url, headers: { cookie }, payload });
    t.strictSame(
      [answer.statusCode, answer.json<{ code: string }>().code],
      [status, code],
      JSON.stringify(payload),
    );
  };
  const approver = prober.cookie('approving-officer');
  const approve = `/api/v1/applications/${id}/approve`;
  for (const note of ['\0', 'a\ud800', 'x'.repeat(2_001), { a: 1 }, ['a', 'b']]) {
    const code = typeof note === 'string' && note.length < 9 ? 'text-malformed' : 'request-malformed';
    await refused(approver, approve, { version: 1, note }, 400, code);
  }
  for (const version of [0, -1, 1.5, '1x', 2 ** 60, {}]) {
    const [status, code] = version === 2 ** 60 ? [409, 'application-changed'] : [400, 'request-malformed'];
    await refused(approver, approve, { version }, status, code);
  }
  const operator = prober.cookie('ca-operator');
  const revoke = `${prober.doctor.path}/revoke`;
  const dates: [text: unknown, status: number, code: string][] = [
    ['yesterday', 400, 'request-malformed'],
    ['2026-02-30T00:00:00Z', 400, 'request-malformed'],
    ['2016-12-31T23:59:60Z', 400, 'instant-malformed'],
    ['0000-01-01T00:00:00+23:59', 422, 'status-reason'],
    ['0001-01-01T00:00:00Z', 422, 'status-reason'],
    ['1999-12-31T23:59:59Z', 422, 'status-reason'],
    ['9999-12-31T23:59:59-23:59', 422, 'status-reason'],
    [1_700_000_000, 400, 'request-malformed'],
  ];
  for (const [invalidityDate, status, code] of dates)
    await refused(operator, revoke, { reason: 'keyCompromise', invalidityDate }, status, code);
  for (const reason of [
    'certificateHold',
    'removeFromCRL',
    'cACompromise',
    'keycompromise',
    'toString',
    '',
    1,
  ])
    await refused(operator, revoke, { reason }, 400, 'request-malformed');
  t.strictSame(await prober.rows(), before, 'no row was written');

  await app.inject({
    method: 'POST',
    url: revoke,
    headers: { cookie: operator },
    payload: { reason: 'keyCompromise' },
  });
  t.equal(
    (await prober.rows()).status_change,
    before.status_change + 1,
    'the certificate was there to be revoked',
  );
}

async function signIn(t: Test, prober: Prober): Promise<void> {
  const loginLink = await prober.service.loginLinkOf('clerk');
  const before = await prober.rows();
  const send = (payload: object, remoteAddress: string) =>
    prober.send({ method: 'POST', url: '/api/v1/sessions', payload, remoteAddress });
  const wrong: unknown[] = [
    `${loginLink.slice(0, -1)}\0`,
    loginLink.slice(1),
    `${loginLink}A`,
    'A'.repeat(43),
    '\ud800'.repeat(43),
    { $ne: '' },
    [loginLink, loginLink],
    null,
    1,
  ];
  for (const [at, one] of wrong.entries()) {
    const answer = await send({ loginLink: one }, `10.0.0.${at}`);
    t.ok([400, 401].includes(answer.statusCode), JSON.stringify(one));
  }
  t.strictSame(await prober.rows(), before);
  const answers: Answer[] = [];
  for (let attempt = 0; attempt < 11; attempt += 1)
    answers.push(await send({ loginLink: 'B'.repeat(43) }, '10.0.1.1'));
  const last = answers[10];
  t.strictSame(
    [last.statusCode, last.json<{ code: string }>().code],
    [429, 'too-many-requests'],
    'no guessing',
  );
  t.ok(last.headers['retry-after']);
  t.equal((await send({ loginLink }, '10.0.1.2')).statusCode, 201, 'the link works still');
}

async function validations(t: Test, prober: Prober): Promise<void> {
  const { signer, certificate } = prober.doctor;
  const signingTime = prober.service.clock.now();
  const signature = await signCades({ content: Buffer.from('Rp.'), signer, certificate, signingTime });
  const send = (payload: object | string) =>
    prober.send({
      method: 'POST',
      url: '/api/v1/validations',
      headers: { 'content-type': 'application/json' },
      payload,
    });
  const before = await prober.rows();
  await fc.assert(
    fc.asyncProperty(mutatedBytes(signature), async (bytes) => {
      await send({ signature: bytes.toString('base64') });
    }),
    { numRuns: 120 },
  );
  await fc.assert(
    fc.asyncProperty(
      mutatedJson({ signature: signature.toString('base64'), receivedAt: '2026-01-01T00:00:00Z' }),
      async (payload) => {
        await send(payload);
      },
    ),
    { numRuns: 60 },
  );
  const deep = Buffer.concat(Array.from({ length: 100_000 }, () => Buffer.from([0x30, 0x80])));
  t.equal((await send({ signature: deep.toString('base64') })).statusCode, 422, 'a hundred thousand levels');
  t.equal(
    (await send({ signature: 'A'.repeat(6_000_000) })).statusCode,
    422,
    'six million characters of nothing',
  );
  t.equal((await send({ signature: 'A'.repeat(6_000_001) })).statusCode, 400);
  t.equal((await send({ signature: 'A'.repeat(13_000_000) })).statusCode, 413);
  const members = Array.from({ length: 600_000 }, (_, at) => `"k${at}":0`).join(',');
  const many = await send(`{${members}}`);
  t.equal(many.statusCode, 400, 'more than half a million members that nobody asked for');
  t.ok(many.body.length < 2_000, `are not listed in the answer, which has ${many.body.length} characters`);
  t.strictSame(await prober.rows(), before, 'no row was written');
}

async function ocspRequests(t: Test, prober: Prober): Promise<void> {
  const { serialNumber } = prober.doctor.certificate;
  const issuer = prober.service.house.hierarchy.certificates.get('bronze')!;
  const request = encodeOcspRequest([encodeCertId('sha256', issuer, serialNumber)]);
  const headers = { 'content-type': 'application/ocsp-request' };
  const post = (payload: Buffer) => prober.send({ method: 'POST', url: '/ocsp/bronze', headers, payload });
  const statuses = new Set<string>();
  await fc.assert(
    fc.asyncProperty(mutatedBytes(request), async (bytes) => {
      const posted = await post(bytes);
      const got = await prober.send({
        method: 'GET',
        url: `/ocsp/bronze/${encodeURIComponent(bytes.toString('base64'))}`,
      });
      for (const { statusCode, rawPayload } of [posted, got]) {
        if (statusCode !== 200) throw new Error(`status ${statusCode}`);
        statuses.add(parseOcspResponse(rawPayload).status);
      }
    }),
    { numRuns: 200 },
  );
  t.strictSame([...statuses].sort(), ['malformedRequest', 'successful', 'unauthorized']);
  for (const body of [Buffer.alloc(0), Buffer.alloc(32_768, 0x30), Buffer.from('30800000', 'hex')]) {
    const answer = await post(body);
    t.strictSame(
      parseOcspResponse(answer.rawPayload),
      { status: 'malformedRequest' },
      `${body.length} octets`,
    );
  }
  t.equal((await post(Buffer.alloc(32_769))).statusCode, 413);
  for (const path of ['', '/', '//', '/%', '/%00', '/AAAA/BBBB', '?x', `/${'A'.repeat(15_000)}`, '/%F0%9F'])
    await prober.send({ method: 'GET', url: `/ocsp/bronze${path}` });
}

/** Only a socket can send these; each connection is one request. */
async function wire(t: Test, prober: Prober): Promise<void> {
  const { app } = prober.service;
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const requests: [name: string, octets: string, status: number, code: string][] = [
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400, 'request-malformed'],
    [
      'a header beyond all measure',
      `GET /health HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
    ['an address with a NUL', 'GET /ca/\0 HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'request-malformed'],
    ['a header with a NUL', 'GET /health HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n', 400, 'request-malformed'],
    [
      'two lengths',
      'POST /ocsp/bronze HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
      400,
      'request-malformed',
    ],
    [
      'a length and chunks',
      'POST /ocsp/bronze HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'request-malformed',
    ],
    [
      'a chunk that is none',
      'POST /ocsp/bronze HTTP/1.1\r\nhost: x\r\ncontent-type: application/ocsp-request\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      400,
      'request-malformed',
    ],
    [
      'junk behind a percent',
      'GET /ca/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      400,
      'request-malformed',
    ],
    ['a method that is none', 'BREW /ca HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'request-malformed'],
  ];
  for (const [name, octets, status, code] of requests) {
    const [head, body] = (await exchange(port, octets)).split('\r\n\r\n');
    t.match(head, new RegExp(`^HTTP/1.1 ${status} [^]*content-type: application/problem\\+json`, 'i'), name);
    t.match(JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)), { status, code }, name);
  }
}

function exchange(port: number, octets: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(octets, 'latin1'));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (Buffer.concat(chunks).includes('}')) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
