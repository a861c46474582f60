import type { InjectOptions } from 'fastify';
import t from 'tap';
import type { Test } from 'tap';

import { MACHINES } from '../../api/signing-callers.ts';
import type { Role } from '../../ra/officer.ts';
import { operationsOf } from '../support/api-operations.ts';
import type { Operation } from '../support/api-operations.ts';
import { cardKey } from '../support/card-desk.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { PAPER_UPLOAD, fillOffice } from '../support/office-objects.ts';
import type { OfficeObjects } from '../support/office-objects.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { sampleOf } from '../support/schema-samples.ts';
import { OFFICE_ROLES, openSecondOffice } from '../support/second-office.ts';
import type { OfficeRole } from '../support/second-office.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { databaseDigest } from '../support/database-digest.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// Every route that names something by an id, asked by every role that is bound to one office, with ids of another office's things,
// which exist: whoever guesses or has seen an id learns and changes nothing by it (IDOR). The routes are those that the app
// declares, so a new one that is not in the tables below fails here.

type Params = Readonly<Record<string, string>>;
interface Offices {
  own: OfficeObjects;
  other: OfficeObjects;
}

/** What to put into an address: each row once. The longest prefix counts. */
const FOREIGN: Readonly<Record<string, (offices: Offices) => Params[]>> = {
  '/api/v1/applications/:id': ({ other }) => Object.values(other.applications).map((id) => ({ id })),
  '/api/v1/applications/:id/evidence/:evidenceId': ({ own, other }) => [
    { id: other.applications.submitted, evidenceId: other.evidenceId },
    { id: own.applications.submitted, evidenceId: other.evidenceId },
  ],
  '/api/v1/applications/:id/legal-holds/:holdId/lift': ({ own, other }) => [
    { id: other.applications.submitted, holdId: other.legalHoldId },
    { id: own.applications.submitted, holdId: other.legalHoldId },
  ],
  '/api/v1/certificates/:authority/:serialNumber': ({ other }) => [
    { authority: 'bronze', serialNumber: other.serialNumber },
  ],
  '/api/v1/holders/:nationalId': ({ other }) => [{ nationalId: other.nationalId }],
  '/api/v1/officers/:id': ({ other }) => [{ id: other.officerId }],
  '/api/v1/officers/:id/certificates/:authority/:serial/revoke': ({ own, other }) =>
    [own.officerId, other.officerId].map((id) => ({
      id,
      authority: 'silver',
      serial: other.officersSerialNumber,
    })),
  '/api/v1/offices/:id': ({ other }) => [{ id: other.officeId }],
  '/api/v1/officer-changes/:id': ({ other }) => [{ id: other.officerChangeId }],
  '/api/v1/passkeys/:id': ({ other }) => [{ id: other.passkeyId }],
  '/api/v1/sessions/:id': ({ other }) => [{ id: other.sessionId }],
  '/api/v1/inspections/:id': ({ other }) => [{ id: other.inspectionId }],
  '/api/v1/cards/:id': ({ other }) => [{ id: other.cardId }],
  '/api/v1/personalisations/:id': ({ other }) => [{ id: other.personalisationId }],
  // Of the CA's staff; offices have none.
  '/api/v1/signature-sessions/:id/evidence': ({ other }) => [{ id: other.evidenceId }],
  '/api/v1/relying-parties/:relyingParty': () => [
    { relyingParty: 'his-1', kind: 'jwk', keyId: 'x'.repeat(43) },
  ],
};

const REQUEST_OF_CARD = await cardKey().request();

/** What a body says where what its schema lets through is not enough to get to the question whose it is. */
const BODIES: Readonly<Record<string, (role: OfficeRole) => object>> = {
  'PUT /api/v1/applications/:id/contact': () => ({ email: 'somebody@example.org' }),
  'PUT /api/v1/applications/:id/revocation-password': () => ({ password: 'a password of some length' }),
  'POST /api/v1/applications/:id/activation': () => ({ code: '12345678' }),
  'POST /api/v1/applications/:id/activation-codes': (role) => ({
    renew: role === 'clerk' ? 'code' : 'letter',
  }),
  'POST /api/v1/personalisations/:id/request': () => ({ certificationRequest: REQUEST_OF_CARD }),
  'POST /api/v1/cards/:id/changes': (role) => ({
    action: role === 'clerk' ? 'lose' : 'discard',
    version: 1,
  }),
};

t.test('things of another office', async (t) => {
  await onOneService(t, async (t, service) => {
    const second = await openSecondOffice(service);
    const demonstration = await ownOffice(service);
    const offices = { own: await fillOffice(demonstration, 'OWN'), other: await fillOffice(second, 'OTHER') };
    const cookies = new Map<OfficeRole, string>();
    for (const role of OFFICE_ROLES) cookies.set(role, await service.cookieOf(role));
    // They have come by links, beside credentials that they have by now; and are refused for what they ask, not for that.
    await service.house.stores.database.query({
      text: "update officer_session set method = 'passkey' where method = 'link'",
    });
    const before = await databaseDigest(service);
    await t.test('no route tells or changes one by its id', (t) => byAddress(t, service, offices, cookies));
    await t.test('nor by an id in a body', (t) => byBody(t, service, offices, cookies));
    await t.test('no list and no search has them', (t) => byList(t, service, offices, cookies));
    t.strictSame(await databaseDigest(service), before, 'and nothing has changed');
    await t.test('whose they are gets past that question', (t) => ofTheOwner(t, second.service, offices));
  });
});

t.test('sessions of another relying party and of another holder', async (t) => {
  await onOneService(t, machines);
});

async function ownOffice(service: TestService) {
  const headers = { cookie: await service.cookieOf('clerk') };
  const { officeId } = (await service.app.inject({ url: '/api/v1/sessions/current', headers })).json<{
    officeId: OfficeObjects['officeId'];
  }>();
  return { officeId: officeId as Awaited<ReturnType<typeof openSecondOffice>>['officeId'], service };
}

/** Routes of officers that name something. */
function namingOperations({ app }: TestService): Operation[] {
  const machines: readonly unknown[] = MACHINES;
  return operationsOf(app).filter(
    ({ url, access, method }) =>
      url.includes(':') && access !== 'public' && !machines.includes(access) && method !== 'HEAD',
  );
}

function paramsFor({ url }: Operation, offices: Offices): Params[] {
  const prefixes = Object.keys(FOREIGN).filter((prefix) => url === prefix || url.startsWith(`${prefix}/`));
  const [longest] = prefixes.sort((a, b) => b.length - a.length);
  return longest === undefined ? [] : FOREIGN[longest](offices);
}

function requestOf(
  operation: Operation,
  params: Params,
  { role, cookie }: { role: OfficeRole; cookie: string },
): InjectOptions {
  const { method, url, body, query } = operation;
  const search = [
    ...('version' in query ? ['version=1'] : []),
    ...('kind' in query ? [`kind=${String(sampleOf(query['kind']))}`] : []),
  ].join('&');
  const address = url.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => params[name]);
  const asked = { method: method as InjectOptions['method'], url: `${address}${search && `?${search}`}` };
  if (nameOf(operation) === 'POST /api/v1/applications/:id/evidence')
    return { ...asked, payload: PAPER_UPLOAD.payload, headers: { cookie, ...PAPER_UPLOAD.headers } };
  const payload = BODIES[nameOf(operation)]?.(role) ?? (body && withVersion(sampleOf(body)));
  return { ...asked, payload: payload, headers: { cookie } };
}

/** As a new case has it. */
function withVersion(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'version' in body ? { ...body, version: 1 } : body;
}

async function byAddress(
  t: Test,
  service: TestService,
  offices: Offices,
  cookies: ReadonlyMap<OfficeRole, string>,
): Promise<void> {
  const operations = namingOperations(service);
  t.ok(operations.length >= 50, `${operations.length} routes`);
  let asked = 0;
  for (const operation of operations) {
    const rows = paramsFor(operation, offices);
    t.ok(rows.length > 0, `${nameOf(operation)} is in the table`);
    for (const [role, cookie] of cookies)
      for (const params of rows) {
        const answer = await service.app.inject(requestOf(operation, params, { role, cookie }));
        asked += 1;
        const expected = mayCall(operation, role) ? 404 : 403;
        const what = `${role}: ${nameOf(operation)} of ${JSON.stringify(params)}`;
        if (answer.statusCode !== expected) t.equal(answer.statusCode, expected, `${what}: ${answer.body}`);
      }
  }
  t.ok(asked >= 250, `${asked} requests were refused`);
}

function mayCall({ access }: Operation, role: OfficeRole): boolean {
  return access === 'signed-in' || (typeof access !== 'string' && access.includes(role));
}

async function byBody(
  t: Test,
  { app }: TestService,
  { own, other }: Offices,
  cookies: ReadonlyMap<OfficeRole, string>,
): Promise<void> {
  const { officerId, officeId } = other;
  const card = { cardSerial: own.spareCardSerial, keyType: 'p-256' };
  const cases: [role: OfficeRole, url: string, payload: object][] = [
    ['clerk', '/personalisations', { ...card, applicationId: other.applications.draft }],
    ['clerk', '/personalisations', { applicationId: own.spareDraft, cardSerial: other.spareCardSerial }],
    ['office-manager', '/officer-changes', { kind: 'add', officeId, name: 'نو', roles: ['clerk'] }],
    ['office-manager', '/officer-changes', { kind: 'set-roles', officerId, roles: ['clerk'] }],
    ...(['remove', 'restore', 'reset'] as const).map((kind): [OfficeRole, string, object] => [
      'office-manager',
      '/officer-changes',
      { kind, officerId },
    ]),
  ];
  for (const [role, path, payload] of cases) {
    const headers = { cookie: cookies.get(role)! };
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: `/api/v1${path}`,
      headers,
      payload,
    });
    t.equal(statusCode, 404, `${path} ${JSON.stringify(payload)}: ${body}`);
  }
}

async function byList(
  t: Test,
  service: TestService,
  offices: Offices,
  cookies: ReadonlyMap<OfficeRole, string>,
): Promise<void> {
  const { own, other } = offices;
  const lists = operationsOf(service.app).filter(
    ({ method, url, access }) =>
      method === 'GET' && !/[:*]/.test(url) && access !== 'public' && access !== 'device',
  );
  t.ok(lists.length >= 12, `${lists.length} lists`);
  const queries: Record<string, string[]> = {
    text: [other.nationalId, other.serialNumber, '%', '_'],
    applicationId: [other.applications.issued, other.applications.draft],
    officeId: [other.officeId],
    serial: ['OTHER'],
  };
  let asked = 0;
  for (const list of lists)
    for (const [role, cookie] of cookies) {
      if (!mayCall(list, role)) continue;
      const queried = Object.keys(list.query).flatMap((name) =>
        (queries[name] ?? []).map((value) => `?${name}=${encodeURIComponent(value)}`),
      );
      for (const query of ['', ...queried]) {
        // One that names a thing by its id has nothing to answer without it.
        const { statusCode, body } = await service.app.inject({
          url: `${list.url}${query}`,
          headers: { cookie },
        });
        const isNamed = query === '' && list.url === '/api/v1/personalisations';
        const what = `${role} ${list.url}${query}`;
        if (statusCode >= 400) t.equal(statusCode, isNamed ? 400 : 404, `${what}: ${body}`);
        const found = other.traces.filter((trace) => body.includes(trace));
        if (found.length > 0) t.strictSame(found, [], what);
        asked += 1;
      }
    }
  t.ok(asked >= 60, `${asked} questions`);
  const mine = await service.app.inject({
    url: `/api/v1/certificates?text=${own.nationalId}`,
    headers: { cookie: cookies.get('clerk')! },
  });
  t.ok(mine.body.includes(own.serialNumber), 'the same question about a thing of the own office is answered');
}

/** With the same bodies, so that it was the office that was refused above, and not the body. */
async function ofTheOwner(t: Test, service: TestService, offices: Offices): Promise<void> {
  const cookies = new Map<Role, string>();
  for (const role of OFFICE_ROLES) cookies.set(role, await service.cookieOf(role));
  const operations = namingOperations(service).filter((one) =>
    OFFICE_ROLES.some((role) => mayCall(one, role)),
  );
  // What takes a thing away comes last.
  for (const operation of operations.sort((a, b) => takesAway(a) - takesAway(b))) {
    const role = OFFICE_ROLES.find((one) => mayCall(operation, one))!;
    const codes = new Set<string>();
    for (const params of paramsFor(operation, { own: offices.other, other: offices.other })) {
      const { statusCode, body } = await service.app.inject(
        requestOf(operation, params, { role, cookie: cookies.get(role)! }),
      );
      codes.add(statusCode < 400 ? 'done' : (JSON.parse(body) as { code: string }).code);
    }
    const isSeen = [...codes].some((code) => !/-(unknown|not-found|malformed)$|^role-missing$/.test(code));
    t.ok(
      isSeen || NOT_OF_THIS_OFFICER.includes(nameOf(operation)),
      `${nameOf(operation)}: ${[...codes].join()}`,
    );
  }
}

/** Passkeys and sessions are their officer's, whatever the office. */
const NOT_OF_THIS_OFFICER = ['DELETE /api/v1/passkeys/:id', 'DELETE /api/v1/sessions/:id'];

function takesAway({ method, url }: Operation): number {
  if (url.endsWith('/sessions') || url.endsWith('/revoke')) return 2;
  return method === 'DELETE' || /(abandon|withdraw|reject)$/.test(url) ? 1 : 0;
}

async function machines(t: Test, service: TestService): Promise<void> {
  const [doctor, stranger] = [await issueDoctor(service), await issueDoctor(service)];
  const phones = [new SoftwarePhone(service.app, doctor), new SoftwarePhone(service.app, stranger)];
  for (const phone of phones) await phone.signIn();
  const [mine, theirs] = [
    await PrescriptionSystem.register(service, { id: 'his-mine' }),
    await PrescriptionSystem.register(service, { id: 'his-theirs' }),
  ];
  const { councilNumber } = doctor.body.applicant;
  const asked = await mine.ask({ holder: { councilNumber }, documents: [fhirDocument()] });
  const { id } = asked.body;
  const open = await phones[0].fetch();
  t.equal(open?.id, id);
  const before = await databaseDigest(service);
  const operations = operationsOf(service.app).filter(
    ({ url, access }) => url.includes(':') && (access === 'relying-party' || access === 'device'),
  );
  t.ok(operations.length >= 6, `${operations.length} routes`);
  for (const { method, url, access, body } of operations) {
    if (method === 'HEAD') continue;
    t.match(url, /:id/, `${method} ${url} names a session`);
    const payload = body && (sampleOf(body) as object);
    const address = url.replace(':id', id);
    const answer =
      access === 'device'
        ? await phones[1].send(method as 'POST', address.replace('/api/v1/device', ''), payload)
        : await service.app
            .inject({ method: method as 'GET', url: address, headers: theirs.headers })
            .then((one) => ({ status: one.statusCode, body: one.json<{ code: string }>() }));
    t.match(answer, { status: 404, body: { code: 'session-unknown' } }, `${method} ${url}`);
  }
  t.strictSame(await databaseDigest(service), before, 'nothing has changed');
  t.equal(await phones[1].fetch(), undefined, 'nobody else is asked');
  t.equal((await phones[0].approve(open!)).status, 200, 'whose it is signs it');
}

function nameOf({ method, url }: Operation): string {
  return `${method} ${url}`;
}
