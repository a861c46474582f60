import { Writable } from 'node:stream';

import t from 'tap';
import type { Test } from 'tap';

import { makeLogger } from '../../cli/logger.ts';
import { ROLES } from '../../ra/officer.ts';
import { encodePem } from '../../pki/pem.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { applicant, applicationBody } from '../support/applications.ts';
import { approve } from '../support/approve.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// The log goes where backups and support tickets go: whatever happens, it says neither who a case is about nor what signs
// somebody in.

const lines: string[] = [];
const destination = new Writable({
  write(chunk: Buffer, _encoding, done) {
    lines.push(chunk.toString());
    done();
  },
});

/** Nobody's, so that it stands in no other place. */
const NAMES = { givenName: 'پرستو', surname: 'نهان‌پژوه', latinName: 'Parastoo Nahanpajouh' };
const NOTE = 'یادداشت محرمانه دربارهٔ پرونده';
const SEARCH = 'نهان‌پژوه';

t.test('the log at its most talkative', async (t) => {
  const logger = makeLogger('trace', destination);
  await onOneService(
    t,
    async (t, service) => {
      await t.test('what people do', (t) => talk(t, service));
      await t.test('every route, for every role', (t) => everyRoute(t, service));
      await t.test('requests are named by numbers only', (t) => names(t, service));
    },
    { logger },
  );
});

/** Each route, with a person in every place that a request has, by nobody and by each role. */
async function everyRoute(t: Test, { app, cookieOf }: TestService): Promise<void> {
  const person = applicant(NAMES);
  const told = `${person.nationalId} ${NAMES.latinName}`;
  const cookies: (string | undefined)[] = [undefined];
  for (const role of ROLES) cookies.push(await cookieOf(role));
  lines.length = 0;
  let requests = 0;
  const withoutId: string[] = [];
  for (const { method, url } of app.declaredAccess) {
    if (method === 'HEAD' || method === 'OPTIONS') continue;
    for (const cookie of cookies) {
      const answer = await app.inject({
        method: method as 'GET',
        url: `${url.replace(/:\w+|\*/g, encodeURIComponent(person.nationalId))}?text=${encodeURIComponent(told)}`,
        headers: {
          ...(cookie && { cookie }),
          'user-agent': told,
          'x-request-id': person.nationalId,
          traceparent: `00-${person.nationalId}-${NAMES.latinName}-01`,
          ...(method !== 'GET' && method !== 'DELETE' && { 'content-type': 'application/json' }),
        },
        ...(method !== 'GET' && method !== 'DELETE' && { payload: { applicant: person, text: told } }),
      });
      requests += 1;
      const id = answer.headers['x-request-id'];
      if (!/^[0-9a-f]{32}$/.test(String(id)) && !url.startsWith('/ocsp/')) withoutId.push(`${method} ${url}`);
      if (answer.statusCode >= 400 && /problem/.test(String(answer.headers['content-type'])))
        if (!/"requestId":"[0-9a-f]{32}"/.test(answer.body)) withoutId.push(`${method} ${url} problem`);
    }
  }
  t.strictSame(withoutId, [], `each of ${requests} answers says its id`);
  const log = lines.join('');
  const refused = lines.filter((line) => line.includes('"request refused"'));
  t.ok(refused.length > requests / 2, `${refused.length} refusals of ${requests} requests are in the log`);
  t.ok(refused.every((line) => /"requestId":"[0-9a-f]{32}"/.test(line)));
  for (const secret of [person.nationalId, ...Object.values(NAMES), encodeURIComponent(NAMES.surname)])
    t.notOk(log.includes(secret), 'nobody is in the log');
  t.comment(`${requests} requests on ${app.declaredAccess.length} routes, ${lines.length} lines`);
}

async function names(t: Test, { app }: TestService): Promise<void> {
  const TRACE = '0af7651916cd43dd8448eb211c80319c';
  const idFor = async (headers: Record<string, string>) => {
    const answer = await app.inject({ url: '/nowhere', headers });
    const id = String(answer.headers['x-request-id']);
    t.equal(answer.json<{ requestId: string }>().requestId, id);
    t.match(id, /^[0-9a-f]{32}$/);
    return id;
  };
  t.equal(await idFor({ traceparent: `00-${TRACE}-b7ad6b7169203331-01` }), TRACE);
  t.equal(await idFor({ 'x-request-id': '0AF76519-16CD-43DD-8448-EB211C80319C' }), TRACE);
  for (const headers of [
    { traceparent: `00-${TRACE}-b7ad6b7169203331` },
    { traceparent: `00-${TRACE}-0000000000000000-01` },
    { traceparent: `01-${TRACE}-b7ad6b7169203331-01` },
    { 'x-request-id': `${TRACE}0` },
    { 'x-request-id': `${TRACE}\n`.trim().slice(1) },
    { 'x-request-id': '4111111111111111' },
    { 'x-request-id': 'a'.repeat(5000) },
  ] as Record<string, string>[])
    t.not(await idFor(headers), TRACE, JSON.stringify(headers).slice(0, 80));
  t.equal(await idFor({ 'x-request-id': TRACE }), TRACE);
}

async function talk(t: Test, service: TestService): Promise<void> {
  const { app, house } = service;
  const loginLink = await service.loginLinkOf('clerk');
  const [clerk, approver, operator] = [
    await service.cookieOf('clerk'),
    await service.cookieOf('approving-officer'),
    await service.cookieOf('ca-operator'),
  ];
  const person = applicant(NAMES);
  const body = await applicationBody({ applicant: person });
  const send = async (cookie: string, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
    (await app.inject({ method, url: `/api/v1${url}`, headers: { cookie }, payload })).statusCode;
  const filed = await app.inject({
    method: 'POST',
    url: '/api/v1/applications',
    headers: { cookie: clerk },
    payload: body,
  });
  const { id } = filed.json<{ id: string }>();

  const expected: [status: number, actual: number][] = [
    [201, filed.statusCode],
    [201, await send('', 'POST', '/sessions', { loginLink })],
    [401, await send('', 'POST', '/sessions', { loginLink })],
    [409, await send(clerk, 'POST', '/applications', body)],
    [
      422,
      await send(clerk, 'POST', '/applications', {
        ...body,
        applicant: { ...person, nationalId: `${person.nationalId.slice(0, 9)}x` },
      }),
    ],
    [
      422,
      await send(clerk, 'POST', '/applications', {
        ...body,
        applicant: { ...person, surname: `${NAMES.surname}!` },
      }),
    ],
    [400, await send(clerk, 'POST', '/applications', { ...body, [NAMES.latinName]: 1 })],
    [
      422,
      await send(clerk, 'POST', '/applications', {
        ...body,
        certificationRequest: body.certificationRequest.slice(0, -60),
      }),
    ],
    [403, await send(clerk, 'POST', `/applications/${id}/approve`, { version: 1, note: NOTE })],
    [409, await send(approver, 'POST', `/applications/${id}/approve`, { version: 9, note: NOTE })],
    [200, (await approve(app, approver, id, { version: 1, note: NOTE })).status],
    [200, await send(clerk, 'GET', `/applications?text=${encodeURIComponent(SEARCH)}`)],
    [200, await send(clerk, 'GET', `/certificates?text=${person.nationalId}`)],
    [400, await send(clerk, 'GET', `/certificates?text=${person.nationalId}&text=${person.nationalId}`)],
    [404, await send(clerk, 'GET', `/nobody/${person.nationalId}`)],
    [401, await send(`${clerk}x`, 'GET', '/applications')],
    [
      400,
      (
        await app.inject({
          method: 'POST',
          url: '/api/v1/applications',
          headers: { cookie: clerk, 'content-type': 'application/json' },
          payload: `${JSON.stringify(body)}}`,
        })
      ).statusCode,
    ],
    [204, await send(clerk, 'DELETE', '/sessions/current')],
  ];
  for (const [at, [status, actual]] of expected.entries()) t.equal(actual, status, `request ${at}`);

  const { signer, certificate } = await issueDoctor(service);
  const content = Buffer.from(`Rp. for ${person.nationalId}`);
  const signature = await signCades({ content, signer, certificate, signingTime: service.clock.now() });
  t.equal(await send('', 'POST', '/validations', { signature: signature.toString('base64') }), 200);
  t.equal(
    await send('', 'POST', '/validations', { signature: signature.subarray(9).toString('base64') }),
    422,
  );

  // PostgreSQL adds the whole row to what it says of a broken constraint.
  await house.stores.database.query({
    text: `alter table application add constraint test check (latin_name not like 'Zz%')`,
  });
  const broken = applicant({ ...NAMES, latinName: 'Zz Nahanpajouh' });
  const again = await service.cookieOf('clerk');
  t.equal(await send(again, 'POST', '/applications', await applicationBody({ applicant: broken })), 500);

  const log = lines.join('');
  t.match(log, /"code":"23514"/, 'the reason of the failure is there');
  t.match(log, /"constraint":"test"/);
  t.match(log, /"code":"login-link-invalid"/, 'and so are the refusals');
  const secrets: Record<string, string> = {
    ...NAMES,
    'another Latin name': 'Zz Nahanpajouh',
    'the national id': person.nationalId,
    'another national id': broken.nationalId,
    'a part of the national id': person.nationalId.slice(0, 9),
    'the note': NOTE,
    'the search': encodeURIComponent(SEARCH),
    'the login link': loginLink,
    ...Object.fromEntries(
      [clerk, approver, operator].map((cookie, at) => [`session ${at}`, cookie.split('=')[1]]),
    ),
    'the certification request': body.certificationRequest.split('\n')[2],
    'the signature': signature.toString('base64').slice(200, 260),
    'the certificate': encodePem('CERTIFICATE', certificate.bytes).split('\n')[3],
  };
  for (const [name, secret] of Object.entries(secrets)) {
    t.ok(secret.length > 3, name);
    t.notOk(log.includes(secret), `${name} is not in the log`);
  }
}
