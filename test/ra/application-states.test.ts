import t from 'tap';
import type { Test } from 'tap';

import { APPLICATION_STATES, APPLICATION_TRANSITIONS, DRAFT_STATES } from '../../ra/application.ts';
import { expireUnaccepted } from '../../ra/acceptance/expire-unaccepted.ts';
import { applicationBody } from '../support/applications.ts';
import { approve, sendAs } from '../support/approve.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

interface View {
  id: string;
  code: string;
  state: string;
  version: number;
  draft: Record<string, unknown>;
  acceptedBy?: string;
  registerAnswers: { register: string; result: string }[];
  items: { id: string; state: string }[];
  next?: string;
}

type Ask = (method: 'GET' | 'POST', path: string, body?: object) => Promise<{ status: number; body: View }>;

async function desk(
  { app, cookieOf }: TestService,
  role: Parameters<TestService['cookieOf']>[0],
): Promise<Ask> {
  const send = sendAs(app, await cookieOf(role));
  return async (method, path, body) =>
    (await send(method, `/api/v1/applications${path}`, body)) as Awaited<ReturnType<Ask>>;
}

t.test('every state can be reached, and every transition leads from and to a state', async (t) => {
  const states: readonly string[] = [...DRAFT_STATES, ...APPLICATION_STATES];
  const transitions = Object.values(APPLICATION_TRANSITIONS);
  for (const { from, to } of transitions) for (const one of [...from, to]) t.ok(states.includes(one), one);
  const reached = new Set<string>(['draft', ...transitions.map(({ to }) => to)]);
  t.same(reached, new Set(states));
});

t.test('the life of an application', async (t) => {
  await onBothServices(t, async (t, service) => {
    const part = (name: string, run: (t: Test, service: TestService) => Promise<void>) =>
      t.test(name, (t) => run(t, service));
    await part('a draft is kept as it is, checked when it is whole, and filed under its id', drafts);
    await part('drafts are found by what was typed, folded as applications are', soughtDrafts);
    await part('a draft is forgotten when a clerk discards it', discarding);
    await part('a form that is sent twice is filed once', idempotency);
    await part('the receipt is recorded once, by a clerk', receipt);
    await part('what nobody has received within 60 days is revoked', expiry);
  });
});

async function drafts(t: Test, service: TestService): Promise<void> {
  const [clerk, approver] = [await desk(service, 'clerk'), await desk(service, 'approving-officer')];
  const whole = await applicationBody();
  const typed = { applicant: { nationalId: 'not yet', surname: '<script>alert(1)</script>' } };
  t.match(await approver('POST', '', { draft: true }), { status: 403 });
  const started = await clerk('POST', '', { draft: true, ...typed });
  t.match(started, { status: 201, body: { state: 'draft', version: 1, draft: typed } });
  const { id } = started.body;
  t.match(await approver('GET', `/${id}`), { status: 200, body: { state: 'draft', draft: typed } });
  t.match((await clerk('GET', '?state=draft')).body.items, [{ id }]);
  t.notOk(
    (await clerk('GET', '')).body.items.some((one) => one.id === id),
    'not among what is filed',
  );
  t.match(await clerk('POST', `/${id}/submit`, { version: 1 }), {
    status: 422,
    body: { code: 'draft-incomplete' },
  });
  t.match(await clerk('POST', `/${id}/check`, { version: 1 }), {
    status: 422,
    body: { code: 'draft-incomplete' },
  });
  t.match(await approver('POST', `/${id}/reject`, { version: 1 }), { status: 404 }, 'nothing to decide on');

  const save = (version: number, body: object) => put(service, id, { version, ...body });
  const misspelt = { ...whole, applicant: { ...whole.applicant, surname: 'Latin' } };
  t.match(await save(1, misspelt), { status: 200, body: { version: 2, state: 'draft' } });
  t.match(await save(1, misspelt), { status: 409, body: { code: 'application-changed' } }, 'a stale page');
  t.match(await clerk('POST', `/${id}/check`, { version: 2 }), {
    status: 422,
    body: { code: 'name-not-persian' },
  });
  t.match(await clerk('POST', `/${id}/submit`, { version: 2 }), {
    status: 422,
    body: { code: 'name-not-persian' },
  });
  t.match(await save(2, whole), { status: 200, body: { version: 3 } }, 'what was refused is still there');
  const checked = await clerk('POST', `/${id}/check`, { version: 3 });
  t.match(checked, { status: 200, body: { state: 'checked', version: 4 } });
  t.match(checked.body.registerAnswers, [{ result: 'MATCH' }, { result: 'MATCH' }]);
  t.match(
    await save(4, whole),
    { body: { state: 'draft', version: 5 } },
    'what is changed is not checked any more',
  );
  const filed = await clerk('POST', `/${id}/submit`, { version: 5 });
  t.match(filed, { status: 200, body: { id, state: 'submitted', version: 1 } });
  t.match(await clerk('GET', `/${id}`), { body: { state: 'submitted' } });
  t.match(await clerk('POST', `/${id}/submit`, { version: 5 }), { status: 404 }, 'once');
  const events = await service.house.stores.database.query<{ action: string }>({
    text: `select action from audit_event where subject = $1 and outcome = 'accepted' and action like '%draft%' order by id`,
    values: [`application:${id}`],
  });
  t.strictSame(
    events.map(({ action }) => action),
    ['save-draft', 'save-draft', 'save-draft', 'check-draft', 'save-draft'],
  );
}

async function soughtDrafts(t: Test, service: TestService): Promise<void> {
  const clerk = await desk(service, 'clerk');
  const applicants: object[] = [
    // As Arabic keyboards write them.
    { givenName: 'شيرين', surname: 'كاظمي', nationalId: '۹۹۹۰۰۰۰۰۱۱' },
    { latinName: 'Shirin Karimi', councilNumber: { group: 'physician', digits: '0012399' } },
    { surname: '100%' },
  ];
  const ids: string[] = [];
  for (const applicant of applicants) ids.push((await clerk('POST', '', { draft: true, applicant })).body.id);
  const [kazemi, karimi, wild] = ids;
  const found = async (text: string, more = '') =>
    (await clerk('GET', `?state=draft&text=${encodeURIComponent(text)}${more}`)).body;
  const expected: Record<string, string[]> = {
    شیرین: [kazemi],
    'شیرین کاظمی': [kazemi],
    '9990000011': [kazemi],
    '999000001': [],
    'SHIRIN KAR': [karimi],
    '۱۲۳۹۹': [karimi],
    '%': [wild],
    nobody: [],
  };
  for (const [text, those] of Object.entries(expected))
    t.strictSame(
      (await found(text)).items.map(({ id }) => id),
      those,
      text,
    );
  t.match(await found('شیرین', '&limit=1'), { items: [{ id: kazemi }], next: kazemi });
  t.match(await found('شیرین', `&limit=1&before=${kazemi}`), { items: [], next: undefined });
  for (const id of ids) t.match(await remove(service, id), { statusCode: 204 });
}

async function remove({ app, cookieOf }: TestService, id: string) {
  const headers = { cookie: await cookieOf('clerk') };
  return app.inject({ method: 'DELETE', url: `/api/v1/applications/${id}?version=1`, headers });
}

async function discarding(t: Test, { app, cookieOf, house }: TestService): Promise<void> {
  const [clerk, approver] = [await cookieOf('clerk'), await cookieOf('approving-officer')];
  const send = async (method: 'POST' | 'GET' | 'DELETE', path: string, payload?: object, cookie = clerk) => {
    const url = `/api/v1/applications${path}`;
    const answer = await app.inject({ method, url, headers: { cookie }, payload });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json<View>() };
  };
  const { body } = await send('POST', '', { draft: true, profile: 'signing-phone' });
  const { id } = body!;
  t.match(await send('DELETE', `/${id}?version=1`, undefined, approver), { status: 403 });
  t.match(await send('DELETE', `/${id}?version=2`), { status: 409, body: { code: 'application-changed' } });
  t.match(await send('DELETE', `/${id}`), { status: 400 });
  t.match(await send('DELETE', `/${id}?version=1`), { status: 204 });
  t.match(await send('DELETE', `/${id}?version=1`), { status: 404 });
  t.match(await send('GET', `/${id}`), { status: 404 });
  const filed = await send('POST', '', await applicationBody());
  t.match(
    await send('DELETE', `/${filed.body!.id}?version=1`),
    { status: 404 },
    'what is filed is withdrawn',
  );
  t.match(await send('GET', `/${filed.body!.id}`), { status: 200 });
  const events = await house.stores.database.query<{ action: string }>({
    text: 'select action from audit_event where subject = $1 order by id',
    values: [`application:${id}`],
  });
  t.strictSame(
    events.map(({ action }) => action),
    ['save-draft', 'discard-draft'],
  );
}

async function put({ app, cookieOf }: TestService, id: string, payload: object) {
  const headers = { cookie: await cookieOf('clerk') };
  const answer = await app.inject({ method: 'PUT', url: `/api/v1/applications/${id}`, headers, payload });
  return { status: answer.statusCode, body: answer.json<View>() };
}

async function idempotency(t: Test, service: TestService): Promise<void> {
  const cookie = await service.cookieOf('clerk');
  const send = async (key: string, payload: object) => {
    const headers = { cookie, 'idempotency-key': key };
    const answer = await service.app.inject({
      method: 'POST',
      url: '/api/v1/applications',
      headers,
      payload,
    });
    return { status: answer.statusCode, body: answer.json<View>() };
  };
  const form = await applicationBody();
  const twice = await Promise.all([send('one', form), send('one', form), send('one', form)]);
  t.equal(new Set(twice.map(({ body }) => body.id)).size, 1, 'at once');
  const again = await send('one', form);
  t.match(again, { status: 201, body: { id: twice[0].body.id, state: 'submitted' } }, 'and later');
  t.equal(again.body.registerAnswers.length, 2);
  t.match(await send('one', await applicationBody()), {
    status: 422,
    body: { code: 'idempotency-key-reused' },
  });
  t.match(
    await send('two', form),
    { status: 409, body: { code: 'key-in-use' } },
    'another form of the same key pair',
  );
  const draft = { draft: true, profile: 'signing-phone' };
  t.equal((await send('three', draft)).body.id, (await send('three', draft)).body.id, 'drafts too');
  t.match(await send('a key\u00a0', draft), { status: 400 });
  const [{ count }] = await service.house.stores.database.query<{ count: number }>({
    text: `select count(*)::int as count from application where id = $1`,
    values: [twice[0].body.id],
  });
  t.equal(count, 1);
}

async function receipt(t: Test, service: TestService): Promise<void> {
  const clerk = await desk(service, 'clerk');
  const { applicationId: id } = await issueDoctor(service);
  const { version } = (await clerk('GET', `/${id}`)).body;
  const approver = await desk(service, 'approving-officer');
  t.match(await approver('POST', `/${id}/accept`, { version }), { status: 403 });
  t.match(await clerk('POST', `/${id}/accept`, { version: version - 1 }), { status: 409 });
  const accepted = await clerk('POST', `/${id}/accept`, { version });
  t.match(accepted, { status: 200, body: { state: 'accepted', version: version + 1, acceptedBy: /./ } });
  t.match(await clerk('POST', `/${id}/accept`, { version: version + 1 }), {
    body: { code: 'application-state' },
  });
  const filed = await clerk('POST', '', await applicationBody());
  t.match(await clerk('POST', `/${filed.body.id}/accept`, { version: 1 }), {
    body: { code: 'application-state' },
  });
}

async function expiry(t: Test, service: TestService): Promise<void> {
  const { house, clock } = service;
  const [received, lost, revoked] = [
    await issueDoctor(service),
    await issueDoctor(service),
    await issueDoctor(service),
  ];
  const clerk = await desk(service, 'clerk');
  const { version } = (await clerk('GET', `/${received.applicationId}`)).body;
  await clerk('POST', `/${received.applicationId}/accept`, { version });
  const acceptance = {
    ...house.services.registration,
    unaccepted: house.stores.unaccepted,
    holderStatus: house.services.licence.holderStatus,
  };
  const run = () => expireUnaccepted(acceptance, { kind: 'service', id: 'test' });
  await house.services.statusChanger.changeStatus(
    {
      authorityId: 'bronze',
      serialNumber: revoked.certificate.serialNumber,
      event: 'revoked',
      reason: 'superseded',
      requestedBy: 'test',
    },
    { kind: 'service', id: 'test' },
  );
  clock.advanceSeconds(60 * 24 * 3600 - 60);
  const stateOf = async (id: string) => (await (await desk(service, 'clerk'))('GET', `/${id}`)).body.state;
  await run();
  t.equal(await stateOf(lost.applicationId), 'issued', 'a minute before');
  clock.advanceSeconds(120);
  const raced = await Promise.allSettled([run(), run()]);
  t.ok(raced.some(({ status }) => status === 'fulfilled'));
  await run();
  t.equal(await stateOf(lost.applicationId), 'expired');
  t.equal(await stateOf(revoked.applicationId), 'expired');
  t.equal(await stateOf(received.applicationId), 'accepted');
  const history = async ({ certificate }: typeof lost) =>
    (await house.stores.directory.historyOf('bronze', certificate.serialNumber)).map(({ event, reason }) =>
      `${event} ${reason ?? ''}`.trim(),
    );
  t.strictSame(await history(lost), ['issued', 'revoked cessationOfOperation']);
  t.strictSame(await history(revoked), ['issued', 'revoked superseded']);
  t.strictSame(await history(received), ['issued']);
  const approver = await service.cookieOf('approving-officer');
  const next = await (
    await desk(service, 'clerk')
  )('POST', '', await applicationBody({ applicant: lost.body.applicant }));
  t.match(await approve(service.app, approver, next.body.id), { status: 200 }, 'the holder may have another');
}
