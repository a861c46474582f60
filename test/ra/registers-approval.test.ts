import { Writable } from 'node:stream';

import t from 'tap';
import type { Test } from 'tap';

import { makeLogger } from '../../cli/logger.ts';
import { urlsOf } from '../../cli/registers/open-registers.ts';
import type { PlannedFault } from '../../cli/registers/planned-fault.ts';
import { publicKeysOf } from '../../cli/registers/register-keys.ts';
import { REGISTER_MATCH_SECONDS_MAX } from '../../ra/registers/check-application.ts';
import { HttpRegister } from '../../registers/http-register.ts';
import { applicant, applicationBody } from '../support/applications.ts';
import { approve } from '../support/approve.ts';
import { onBothDatabases, onPostgres } from '../support/both-databases.ts';
import type { OpenedDatabase } from '../support/both-databases.ts';
import { developmentRegisters } from '../support/development-registers.ts';
import type { RegistersUnderTest } from '../support/development-registers.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

t.test('applications and registers, over HTTP', async (t) => {
  await onBothDatabases(
    t,
    async (t, { opened, dataDirectory }: OpenedDatabase) => {
      const registers = await developmentRegisters(t);
      const lines: string[] = [];
      const logger = makeLogger('trace', writeTo(lines));
      const service = await openTestService({
        opened,
        dataDirectory,
        registers: registers.access,
        logger,
      });
      const part = (name: string, run: (t: Test, desk: Desk) => Promise<void>) =>
        t.test(name, (t) => run(t, new Desk(service, registers)));
      try {
        await part('both registers match, and their evidence stands with the approval', match);
        await part('a register that is away leaves the case; asked again, it can be approved', unavailable);
        await part('what a register contradicts is not approved', contradiction);
        await part('an old match, and one about other data, do not count', outdated);
        await part('a clerk may ask before anything is filed, and is recorded', inquiry);
        await part('a decided case is not checked again', decided);
        await part('evidence is kept as it is, the raw answer apart', evidence);
        t.notMatch(lines.join(''), /999\d{7}|آزمایشی|Azmayeshi/, 'the log names nobody');
      } finally {
        await service.close();
      }
    },
    'first-start',
  );
});

t.test('whatever a register does instead of answering, and however long', async (t) => {
  await onPostgres(
    t,
    async (t, { opened, dataDirectory }: OpenedDatabase) => {
      const registers = await developmentRegisters(t);
      const { access, keys, server } = registers;
      const impatient = await HttpRegister.open('civil-registry', {
        url: urlsOf(server.url)['civil-registry'],
        jwks: publicKeysOf(keys),
        attemptMilliseconds: 150,
        totalMilliseconds: 300,
        retriesMax: 0,
        failuresMax: 1_000,
      });
      const patient = access.registers['civil-registry'];
      const asked = { isHasty: false };
      const lookUp: typeof patient.lookUp = (...claim) =>
        (asked.isHasty ? impatient : patient).lookUp(...claim);
      const service = await openTestService({
        opened,
        dataDirectory,
        registers: { ...access, registers: { ...access.registers, 'civil-registry': { lookUp } } },
      });
      const desk = new Desk(service, registers);
      try {
        for (const [fault, reason] of SILENCES)
          await t.test(`${fault.kind}: filed, checked, not approved, and approved when it answers`, (t) =>
            silent(t, desk, fault, reason, (isHasty) => (asked.isHasty = isHasty)),
          );
      } finally {
        await service.close();
      }
    },
    'first-start',
  );
});

/** What a register does, and what is said of it; a wait is cut short where that is what is tested. */
const SILENCES: [fault: PlannedFault, reason: string][] = [
  [{ kind: 'hang' }, 'timeout'],
  [{ kind: 'trickle' }, 'timeout'],
  [{ kind: 'garbage' }, 'answer-malformed'],
  [{ kind: 'malformed' }, 'answer-malformed'],
  [{ kind: 'foreign' }, 'answer-foreign'],
  [{ kind: 'wrong-key' }, 'answer-unsigned'],
  [{ kind: 'oversize' }, 'answer-too-large'],
  [{ kind: 'status', status: 404 }, 'request-refused'],
];

async function silent(
  t: Test,
  desk: Desk,
  fault: PlannedFault,
  reason: string,
  beHasty: (isHasty: boolean) => void,
): Promise<void> {
  const { faults } = desk.registers.server;
  const answer = { 'civil-registry': `UNAVAILABLE ${reason}`, 'medical-council': 'MATCH as-registered' };
  faults.plan('civil-registry', fault);
  beHasty(reason === 'timeout');
  const draft = await desk.send('clerk', 'POST', '', { draft: true, ...(await applicationBody()) });
  const checked = await desk.send('clerk', 'POST', `/${draft.body.id}/check`, { version: 1 });
  t.match(checked, { status: 200, body: { state: 'checked' } });
  t.strictSame(said(checked.body), answer);
  const filed = await desk.send('clerk', 'POST', `/${draft.body.id}/submit`, { version: 2 });
  t.match(filed, { status: 200, body: { state: 'submitted' } });
  t.strictSame(said(filed.body), answer);
  t.match(await desk.approve(filed.body), { status: 409, code: 'register-unavailable' });
  t.strictSame(said((await desk.recheck(filed.body)).body), answer);
  t.match(await desk.approve(filed.body), { status: 409, code: 'register-unavailable' }, 'asked again');
  faults.plan('civil-registry', undefined);
  beHasty(false);
  t.strictSame(said((await desk.recheck(filed.body)).body), MATCH);
  t.match(await desk.approve(filed.body), { status: 200, state: 'issued' });
}

interface View {
  id: string;
  state: string;
  version: number;
  code?: string;
  registerAnswers: { id: string; register: string; result: string; reason: string }[];
}

class Desk {
  readonly service: TestService;
  readonly registers: RegistersUnderTest;

  constructor(service: TestService, registers: RegistersUnderTest) {
    this.service = service;
    this.registers = registers;
  }

  async send(
    role: 'clerk' | 'approving-officer' | 'auditor',
    method: 'GET' | 'POST',
    path: string,
    payload?: object,
  ) {
    const headers = { cookie: await this.service.cookieOf(role) };
    const url = `/api/v1/applications${path}`;
    const answer = await this.service.app.inject({ method, url, headers, payload });
    return { status: answer.statusCode, body: answer.json<View>() };
  }

  async file(override: Record<string, unknown> = {}): Promise<View> {
    const body = await applicationBody();
    const { body: view } = await this.send('clerk', 'POST', '', {
      ...body,
      applicant: { ...body.applicant, ...override },
    });
    return view;
  }

  async approve({ id }: View) {
    const { app, cookieOf } = this.service;
    const { status, body } = await approve(app, await cookieOf('approving-officer'), id);
    return { status, code: body.code, state: body.state };
  }

  recheck({ id }: View, role: 'clerk' | 'approving-officer' | 'auditor' = 'clerk') {
    return this.send(role, 'POST', `/${id}/register-checks`);
  }
}

const said = ({ registerAnswers }: View) =>
  Object.fromEntries(
    registerAnswers.map(({ register, result, reason }) => [register, `${result} ${reason}`]),
  );
const MATCH = { 'civil-registry': 'MATCH as-registered', 'medical-council': 'MATCH as-registered' };

async function match(t: Test, desk: Desk): Promise<void> {
  const filed = await desk.file();
  t.strictSame(said(filed), MATCH);
  const seen = await desk.send('auditor', 'GET', `/${filed.id}`);
  t.strictSame(seen.body.registerAnswers, filed.registerAnswers, 'whoever decides sees them');
  t.strictSame(await desk.approve(filed), { status: 200, code: undefined, state: 'issued' });
  const [event] = await desk.service.house.stores.database.query<{ evidence: string }>({
    text: `select details->>'registerAnswers' as evidence from audit_event
      where action = 'approve-application' and subject = $1`,
    values: [`application:${filed.id}`],
  });
  t.strictSame(event.evidence.split(' ').sort(), filed.registerAnswers.map(({ id }) => id).sort());
}

async function unavailable(t: Test, desk: Desk): Promise<void> {
  const { faults } = desk.registers.server;
  faults.plan('civil-registry', { kind: 'unsigned' });
  const filed = await desk.file();
  t.equal(filed.state, 'submitted');
  t.match(said(filed), {
    'civil-registry': 'UNAVAILABLE answer-unsigned',
    'medical-council': 'MATCH as-registered',
  });
  t.match(await desk.approve(filed), { status: 409, code: 'register-unavailable' });
  t.match(await desk.recheck(filed, 'auditor'), { status: 403, body: { code: 'role-missing' } });
  t.match(said((await desk.recheck(filed)).body), { 'civil-registry': 'UNAVAILABLE answer-unsigned' });
  faults.plan('civil-registry', undefined);
  t.strictSame(said((await desk.recheck(filed, 'approving-officer')).body), MATCH);
  t.match(await desk.approve(filed), { status: 200, state: 'issued' });
}

async function contradiction(t: Test, desk: Desk): Promise<void> {
  const { population } = desk.registers;
  const suspended = applicant();
  population.put({ ...population.find(suspended.nationalId as never)!, licence: 'suspended' });
  const cases: [override: Record<string, unknown>, register: string, reason: string][] = [
    [{ surname: 'دیگری' }, 'civil-registry', 'name-differs'],
    [{ councilNumber: { group: 'dentist', digits: '17' } }, 'medical-council', 'council-number-differs'],
    [suspended, 'medical-council', 'licence-suspended'],
    [{ nationalId: '0012345679' }, 'civil-registry', 'person-unknown'],
  ];
  for (const [override, register, reason] of cases) {
    const filed = await desk.file(override);
    t.equal(said(filed)[register], `NO_MATCH ${reason}`);
    t.match(await desk.approve(filed), { status: 422, code: 'register-no-match' }, reason);
  }
}

async function outdated(t: Test, desk: Desk): Promise<void> {
  const [old, changed] = [await desk.file(), await desk.file()];
  const { clock, house } = desk.service;
  await house.stores.database.query({
    text: 'update application set latin_name = latin_name, surname = $2 where id = $1',
    values: [changed.id, 'جابه‌جا'],
  });
  t.match(await desk.approve(changed), { status: 409, code: 'register-check-outdated' });
  clock.advanceSeconds(REGISTER_MATCH_SECONDS_MAX + 1);
  t.match(await desk.approve(old), { status: 409, code: 'register-check-outdated' });
  t.strictSame(said((await desk.recheck(old)).body), MATCH);
  t.match(await desk.approve(old), { status: 200 });
}

async function inquiry(t: Test, desk: Desk): Promise<void> {
  const person = applicant();
  const { birthDate, mobile } = desk.registers.population.find(person.nationalId as never)!;
  const ask = async (role: 'clerk' | 'auditor', payload: object) => {
    const headers = { cookie: await desk.service.cookieOf(role) };
    const url = '/api/v1/register-checks';
    const answer = await desk.service.app.inject({ method: 'POST', url, headers, payload });
    const { items = [], code } = answer.json<{ items?: View['registerAnswers']; code?: string }>();
    return code ?? items.map(({ register, reason }) => `${register} ${reason}`);
  };
  t.strictSame(await ask('clerk', { applicant: person, birthDate, mobile }), [
    'medical-council as-registered',
    'civil-registry as-registered',
    'shahkar as-registered',
  ]);
  t.strictSame(await ask('clerk', { applicant: person, birthDate: '1900-01-01', mobile: '09120000000' }), [
    'medical-council as-registered',
    'civil-registry birth-date-differs',
    'shahkar mobile-of-another',
  ]);
  t.equal(await ask('clerk', { applicant: { ...person, nationalId: '9990000000' } }), 'national-id-checksum');
  t.equal(await ask('auditor', { applicant: person }), 'role-missing');
  const events = await desk.service.house.stores.database.query({
    text: `select 1 from audit_event where action = 'check-registers' and subject like 'inquiry-of-officer:%'`,
  });
  t.equal(events.length, 2);
}

async function decided(t: Test, desk: Desk): Promise<void> {
  const filed = await desk.file();
  await desk.approve(filed);
  t.match(await desk.recheck(filed), { status: 409, body: { code: 'application-state' } });
}

async function evidence(t: Test, desk: Desk): Promise<void> {
  const filed = await desk.file();
  const { database } = desk.service.house.stores;
  const ids = filed.registerAnswers.map(({ id }) => id);
  const bodies = await database.query<{ body: Buffer }>({
    text: 'select body from register_answer_body where answer_id = any($1::uuid[])',
    values: [ids],
  });
  t.equal(bodies.length, 2);
  for (const { body } of bodies) t.match(JSON.parse(body.toString()), { status: 'found' });
  const change = (text: string) => database.query({ text, values: [ids[0]] });
  await t.rejects(change(`update register_answer set result = 'MATCH' where id = $1`));
  await t.rejects(change('delete from register_answer where id = $1'));
  await t.rejects(change(`update register_answer_body set body = '' where answer_id = $1`));
  await t.resolves(change('delete from register_answer_body where answer_id = $1'), 'when its time is over');
}

function writeTo(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
}
