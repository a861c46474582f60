import t from 'tap';
import type { Test } from 'tap';

import { checkRecords } from '../../cli/fsck/check-records.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { expireHolds } from '../../ra/holds/expire-holds.ts';
import { receiveLicenceMessage } from '../../ra/licence/receive-licence-message.ts';
import type { Role } from '../../ra/officer.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { holderOf, licenceMessage } from '../support/licence-letters.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const DAY = 24 * 3600;

t.test('causes of a hold', async (t) => {
  await onBothServices(t, async (t, service) => {
    const part = (name: string, run: (t: Test, desk: Desk) => Promise<void>) =>
      t.test(name, (t) => run(t, new Desk(service)));
    await part('a card lost while the licence is suspended stays on hold when it is restored', lostMeanwhile);
    await part('a card found while the licence is suspended stays on hold', foundMeanwhile);
    await part('each cause is lifted by itself, the hold with the last one', severalCauses);
    await part('the Council’s cause alone is not for the operator to lift', councilAlone);
    await part('a loss runs out after seven days, whatever else was lifted', lossRunsOut);
    await part('an order of the office runs out without a word about the key', orderRunsOut);
    await part('nothing follows a revocation, and no cause is laid on it', revoked);
    await part('two who lay the same cause at once lay it once', atOnce);
    await part('neither table can be changed', appendOnly);
    await part('fsck finds a hold without a cause, and a cause without a hold', found);
  });
});

class Desk {
  readonly service: TestService;

  constructor(service: TestService) {
    this.service = service;
  }

  async ask(doctor: IssuedDoctor, role: Role, verb: string, payload?: object) {
    const headers = { cookie: await this.service.cookieOf(role) };
    const url = `${doctor.path}${verb ? `/${verb}` : ''}`;
    const answer = await this.service.app.inject({ method: verb ? 'POST' : 'GET', url, headers, payload });
    const body = answer.json<{ code?: string; event?: string; holdCauses?: { cause: string }[] }>();
    const { code, event, holdCauses } = body;
    return { status: answer.statusCode, code, event, causes: holdCauses?.map(({ cause }) => cause) };
  }

  say(doctor: IssuedDoctor, event: string, sequence: number) {
    const house = {
      ...this.service.house.services.licence,
      licenceMessages: { verify: async () => ({ keyId: 'test' }) },
    };
    const body = Buffer.from(JSON.stringify(licenceMessage({ ...holderOf(doctor), event, sequence })));
    return receiveLicenceMessage(house, { body, signature: 'by the test', receivedBy: 'feed' });
  }

  expire() {
    const { licence } = this.service.house.services;
    return expireHolds({
      ...licence,
      onHoldFailure: (error) => {
        throw error;
      },
    });
  }

  async historyOf({ certificate }: IssuedDoctor) {
    return this.service.house.stores.directory.historyOf('bronze', certificate.serialNumber);
  }

  async eventsOf(doctor: IssuedDoctor): Promise<string[]> {
    return (await this.historyOf(doctor)).map(({ event, reason }) => (reason ? `${event} ${reason}` : event));
  }
}

async function lostMeanwhile(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  t.match(await desk.say(doctor, 'suspended', 1), { outcome: { held: 1 } });
  t.match(await desk.ask(doctor, 'clerk', 'hold'), {
    status: 200,
    event: 'held',
    causes: ['licence-suspended', 'lost'],
  });
  t.match(await desk.say(doctor, 'restored', 2), { outcome: { released: 0, unchanged: 1 } });
  t.strictSame(await desk.eventsOf(doctor), ['issued', 'held certificateHold']);
  t.strictSame((await desk.ask(doctor, 'clerk', '')).causes, ['lost']);
  const { stores } = desk.service.house;
  const events = await stores.database.query<{ action: string }>({
    text: `select action from audit_event where subject like 'certificate:bronze/' || $1 order by id`,
    values: [doctor.certificate.serialNumber.toString('hex')],
  });
  t.strictSame(
    events.map(({ action }) => action).slice(-3),
    ['hold-certificate', 'add-hold-cause', 'lift-hold-cause'],
    'each is in the log',
  );
}

async function foundMeanwhile(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  await desk.ask(doctor, 'clerk', 'hold', { cause: 'lost' });
  t.match(await desk.say(doctor, 'suspended', 1), { outcome: { held: 0, unchanged: 1 } });
  t.match(await desk.ask(doctor, 'ca-operator', 'release'), {
    status: 200,
    event: 'held',
    causes: ['licence-suspended'],
  });
  t.match(await desk.say(doctor, 'restored', 2), { outcome: { released: 1 } });
  t.strictSame(await desk.eventsOf(doctor), ['issued', 'held certificateHold', 'released']);
}

async function severalCauses(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  await desk.ask(doctor, 'clerk', 'hold', { cause: 'lost' });
  t.match(await desk.ask(doctor, 'ca-operator', 'hold', { cause: 'office-order' }), {
    status: 200,
    causes: ['lost', 'office-order'],
  });
  t.match(
    await desk.ask(doctor, 'clerk', 'hold', { cause: 'lost' }),
    { causes: ['lost', 'office-order'] },
    'said twice, it is one cause',
  );
  t.match(await desk.ask(doctor, 'clerk', 'hold', { cause: 'licence-suspended' }), { status: 400 });
  t.match(await desk.ask(doctor, 'ca-operator', 'release', { cause: 'lost' }), {
    event: 'held',
    causes: ['office-order'],
  });
  t.match(await desk.ask(doctor, 'ca-operator', 'release', { cause: 'office-order' }), {
    event: 'released',
    causes: [],
  });
  t.match(await desk.ask(doctor, 'ca-operator', 'release'), { status: 409, code: 'status-transition' });
}

async function councilAlone(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  await desk.say(doctor, 'suspended', 1);
  t.match(await desk.ask(doctor, 'ca-operator', 'release'), { status: 409, code: 'licence-not-active' });
  desk.service.clock.advanceSeconds(30 * DAY);
  await desk.expire();
  t.strictSame(await desk.eventsOf(doctor), ['issued', 'held certificateHold'], 'it lasts');
}

async function lossRunsOut(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  await desk.say(doctor, 'suspended', 1);
  desk.service.clock.advanceSeconds(2 * DAY);
  await desk.ask(doctor, 'clerk', 'hold');
  const lostAt = desk.service.clock.now();
  await desk.say(doctor, 'restored', 2);
  desk.service.clock.advanceSeconds(7 * DAY - 1);
  t.equal(await desk.expire(), 0, 'a second before; counted from the loss, not from the hold');
  desk.service.clock.advanceSeconds(1);
  t.equal(await desk.expire(), 1);
  t.strictSame(await desk.eventsOf(doctor), ['issued', 'held certificateHold', 'revoked keyCompromise']);
  const since = (await desk.historyOf(doctor)).at(-1)?.invalidityDate;
  t.equal(since?.getTime(), Math.floor(lostAt.getTime() / 1000) * 1000, 'suspected since the loss');
}

async function orderRunsOut(t: Test, desk: Desk): Promise<void> {
  const [ordered, both] = [await issueDoctor(desk.service), await issueDoctor(desk.service)];
  for (const doctor of [ordered, both]) await desk.ask(doctor, 'clerk', 'hold', { cause: 'office-order' });
  await desk.ask(both, 'clerk', 'hold', { cause: 'lost' });
  desk.service.clock.advanceSeconds(7 * DAY);
  t.equal(await desk.expire(), 2);
  t.equal((await desk.eventsOf(ordered)).at(-1), 'revoked cessationOfOperation');
  t.equal((await desk.eventsOf(both)).at(-1), 'revoked keyCompromise', 'the loss weighs more');
}

async function revoked(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  await desk.ask(doctor, 'clerk', 'hold');
  t.match(await desk.ask(doctor, 'ca-operator', 'revoke', { reason: 'keyCompromise' }), { status: 200 });
  t.match(await desk.ask(doctor, 'clerk', 'hold'), { status: 409, code: 'status-transition' });
  t.strictSame((await desk.ask(doctor, 'clerk', '')).causes, [], 'it is not on hold any more');
  desk.service.clock.advanceSeconds(8 * DAY);
  t.equal(await desk.expire(), 0);
}

async function atOnce(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  const answers = await Promise.all(Array.from({ length: 6 }, () => desk.ask(doctor, 'clerk', 'hold')));
  t.ok(
    answers.every(({ status, causes }) => status === 200 && causes?.length === 1),
    JSON.stringify(answers),
  );
  t.strictSame(await desk.eventsOf(doctor), ['issued', 'held certificateHold']);
}

async function appendOnly(t: Test, desk: Desk): Promise<void> {
  const { database } = desk.service.house.stores;
  for (const table of ['hold_cause', 'hold_cause_lift']) {
    await t.rejects(database.query({ text: `delete from ${table}` }), /append-only/);
    await t.rejects(database.query({ text: `truncate ${table} cascade` }), /append-only/);
  }
  await t.rejects(database.query({ text: `update hold_cause set cause = 'lost'` }), /append-only/);
}

async function found(t: Test, desk: Desk): Promise<void> {
  const [unexplained, good] = [await issueDoctor(desk.service), await issueDoctor(desk.service)];
  const { stores, services } = desk.service.house;
  const { serialNumber } = unexplained.certificate;
  await services.statusChanger.changeStatus(
    { authorityId: 'bronze', serialNumber, event: 'held', requestedBy: 'operator:test' },
    { kind: 'operator', id: 'test' },
  );
  await desk.ask(good, 'clerk', 'hold');
  await services.statusChanger.changeStatus(
    {
      authorityId: 'bronze',
      serialNumber: good.certificate.serialNumber,
      event: 'released',
      requestedBy: 'operator:test',
    },
    { kind: 'operator', id: 'test' },
  );
  const codes = new Map<string, string>();
  for await (const { code, subject } of checkRecords(new PgRecords(stores.database)))
    codes.set(subject, code);
  t.equal(codes.get(`certificate:bronze/${serialNumber.toString('hex')}`), 'hold-without-cause');
  t.equal(
    codes.get(`certificate:bronze/${good.certificate.serialNumber.toString('hex')}`),
    'cause-without-hold',
  );
}
