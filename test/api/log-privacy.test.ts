import { Writable } from 'node:stream';

import t from 'tap';
import type { Test } from 'tap';

import { makeLogger } from '../../cli/logger.ts';
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
  await onOneService(t, (t, service) => talk(t, service), { logger });
});

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
