import t from 'tap';
import type { Test } from 'tap';

import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import type { IssuedCertificate } from '../../ca/issue/certificate-store.ts';
import { changeStatus } from '../../ca/status/change-status.ts';
import type { StatusHouse, StatusRequest } from '../../ca/status/change-status.ts';
import type { StatusEvent } from '../../pki/certificate-status.ts';
import { REVOCATION_REASONS } from '../../pki/revocation-reason.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { TEST_ACTOR, issueFor, issuingParts } from '../support/issuing.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

type Change = StatusRequest['event'];

interface Fixture {
  service: TestService;
  house: StatusHouse;
  issue(): Promise<IssuedCertificate>;
  /** Changes a status; resolves to `done` or to the code of the refusal. */
  change(certificate: IssuedCertificate, event: Change, override?: Partial<StatusRequest>): Promise<string>;
  historyOf(
    certificate: IssuedCertificate,
  ): Promise<{ event: StatusEvent; effective_at: Date; reason: string | null }[]>;
}

t.test('changing a status', async (t) => {
  await onBothServices(t, async (t, service) => {
    const fixture = await open(service);
    const part = (name: string, run: (t: Test, fixture: Fixture) => Promise<void>) =>
      t.test(name, (t) => run(t, fixture));
    await part('each event follows those that the table lets it follow, and no other', transitions);
    await part('the reason is one that says something of the holder', reasons);
    await part('an invalidity date lies between the sector’s first certificate and now', invalidityDates);
    await part('a clock that was set back does not order history backwards', clockSetBack);
    await part('of changes that race, those that fit are all there and the others refused', races);
    await part('a failure leaves neither change nor event', failures);
    await part('the database refuses what the code would not ask for', database);
  });
});

async function open(service: TestService): Promise<Fixture> {
  const parts = await issuingParts(service);
  const issuer = new CertificateIssuer(parts);
  const { stores } = service.house;
  const house = { ...stores, transactions: stores.database, clock: service.clock };
  return {
    service,
    house,
    issue: () => issueFor(issuer),
    change: ({ authorityId, serialNumber }, event, override) =>
      changeStatus(
        house,
        { authorityId, serialNumber, event, requestedBy: 'test', ...override },
        TEST_ACTOR,
      ).then(
        () => 'done',
        (error: Error & { code?: string }) => error.code ?? error.message,
      ),
    historyOf: ({ authorityId, serialNumber }) =>
      stores.database.query({
        text: `select event, effective_at, reason from status_change
          where authority_id = $1 and serial_number = $2 order by change_number`,
        values: [authorityId, serialNumber],
      }),
  };
}

/** What leads to a state, and what may follow it. */
const STATES: { state: string; by: Change[]; next: Change[] }[] = [
  { state: 'issued', by: [], next: ['held', 'revoked'] },
  { state: 'held', by: ['held'], next: ['released', 'revoked'] },
  { state: 'released', by: ['held', 'released'], next: ['held', 'revoked'] },
  { state: 'revoked', by: ['revoked'], next: [] },
  { state: 'revoked from a hold', by: ['held', 'revoked'], next: [] },
];

async function transitions(t: Test, { issue, change, historyOf, service }: Fixture): Promise<void> {
  for (const { state, by, next } of STATES) {
    for (const event of ['held', 'released', 'revoked'] as const) {
      const certificate = await issue();
      for (const step of by) t.equal(await change(certificate, step), 'done');
      const before = await historyOf(certificate);
      const allowed = next.includes(event);
      t.equal(
        await change(certificate, event),
        allowed ? 'done' : 'status-transition',
        `${state}, then ${event}`,
      );
      const after = await historyOf(certificate);
      t.strictSame(
        after.map((row) => row.event),
        ['issued', ...by, ...(allowed ? [event] : [])],
      );
      if (!allowed) t.strictSame(after, before, 'a refusal leaves nothing');
    }
  }
  const stranger = { ...(await issue()), serialNumber: Buffer.alloc(16, 1) };
  t.equal(await change(stranger, 'revoked'), 'certificate-unknown', 'never issued');
  const elsewhere = { ...(await issue()), authorityId: 'silver' };
  t.equal(await change(elsewhere, 'revoked'), 'certificate-unknown', 'issued by another CA');
  t.strictSame(await gaps(service), [], 'change numbers have no gap');
}

async function reasons(t: Test, { issue, change, historyOf }: Fixture): Promise<void> {
  const holders = [
    'unspecified',
    'keyCompromise',
    'affiliationChanged',
    'superseded',
    'cessationOfOperation',
    'privilegeWithdrawn',
  ];
  for (const reason of Object.keys(REVOCATION_REASONS) as RevocationReason[]) {
    const certificate = await issue();
    const expected = holders.includes(reason) ? 'done' : 'status-reason';
    t.equal(await change(certificate, 'revoked', { reason }), expected, reason);
    if (expected === 'done') t.equal((await historyOf(certificate)).at(-1)?.reason, reason);
  }
  const certificate = await issue();
  t.equal(await change(certificate, 'held', { reason: 'keyCompromise' }), 'status-reason');
  t.equal(await change(certificate, 'held'), 'done');
  t.equal((await historyOf(certificate)).at(-1)?.reason, 'certificateHold');
  t.equal(await change(certificate, 'released', { reason: 'superseded' }), 'status-reason');
  t.equal(await change(certificate, 'revoked'), 'done');
  t.equal((await historyOf(certificate)).at(-1)?.reason, 'unspecified', 'said by nobody');
}

async function invalidityDates(t: Test, { issue, change, service }: Fixture): Promise<void> {
  const now = service.clock.now().getTime();
  const dates: [name: string, date: Date, expected: string][] = [
    ['now', new Date(now), 'done'],
    ['a millisecond ahead', new Date(now + 1), 'status-reason'],
    ['the first second of the sector', new Date('2000-01-01T00:00:00Z'), 'done'],
    ['a second before it', new Date('1999-12-31T23:59:59Z'), 'status-reason'],
    ['a year that no CRL can express', new Date('-000001-12-31T00:00:00Z'), 'status-reason'],
    ['no time at all', new Date(NaN), 'status-reason'],
  ];
  for (const [name, invalidityDate, expected] of dates)
    t.equal(
      await change(await issue(), 'revoked', { reason: 'keyCompromise', invalidityDate }),
      expected,
      name,
    );
  t.equal(
    await change(await issue(), 'held', { invalidityDate: new Date(now) }),
    'status-reason',
    'of a hold',
  );
}

async function clockSetBack(
  t: Test,
  { issue, change, historyOf, service: { clock } }: Fixture,
): Promise<void> {
  const start = clock.now();
  const certificate = await issue();
  clock.advanceSeconds(100);
  await change(certificate, 'held');
  clock.set(new Date(start.getTime() - 86_400_000));
  t.equal(await change(certificate, 'released'), 'done');
  clock.set(new Date(start.getTime() + 200_500));
  t.equal(await change(certificate, 'revoked'), 'done');
  const seconds = (await historyOf(certificate)).map(({ effective_at: at }) =>
    Math.floor(at.getTime() / 1000),
  );
  const first = Math.floor(start.getTime() / 1000);
  t.strictSame(seconds, [first, first + 100, first + 100, Math.floor((start.getTime() + 200_500) / 1000)]);
}

async function races(t: Test, { issue, change, historyOf, service }: Fixture): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const contested = await Promise.all(Array.from({ length: 6 }, issue));
    const [held, revoked, both, lifted, all, busy] = contested;
    await change(lifted, 'held');
    const times = (n: number, certificate: IssuedCertificate, event: Change) =>
      Array.from({ length: n }, () => change(certificate, event));
    const outcomes = await Promise.all([
      Promise.all(times(4, held, 'held')),
      Promise.all(times(4, revoked, 'revoked')),
      Promise.all([...times(1, both, 'held'), ...times(1, both, 'revoked')]),
      Promise.all([...times(2, lifted, 'released'), ...times(2, lifted, 'revoked')]),
      Promise.all([...times(3, all, 'held'), ...times(3, all, 'released'), ...times(3, all, 'revoked')]),
      Promise.all(times(1, busy, 'held')),
    ]);
    for (const outcome of outcomes.flat()) t.ok(['done', 'status-transition'].includes(outcome), outcome);
    const done = outcomes.map((some) => some.filter((outcome) => outcome === 'done').length);
    t.equal(done[0], 1, 'one hold');
    t.equal(done[1], 1, 'one revocation');
    t.equal(done[5], 1, 'the others did not stand in its way');
    for (const [at, certificate] of contested.entries()) {
      const events = (await historyOf(certificate)).map(({ event }) => event);
      t.equal(events.length, 1 + done[at] + (certificate === lifted ? 1 : 0), 'each that was done is there');
      t.ok(isPossible(events), events.join(' '));
      if ([revoked, both, lifted, all].includes(certificate))
        t.equal(events.at(-1), 'revoked', 'a revocation is never lost');
    }
  }
  t.strictSame(await gaps(service), [], 'change numbers have no gap');
}

const NEXT: Record<StatusEvent, readonly StatusEvent[]> = {
  issued: ['held', 'revoked'],
  held: ['released', 'revoked'],
  released: ['held', 'revoked'],
  revoked: [],
};

function isPossible(events: readonly StatusEvent[]): boolean {
  return events[0] === 'issued' && events.slice(1).every((event, at) => NEXT[events[at]].includes(event));
}

async function failures(t: Test, { house, issue, historyOf, service }: Fixture): Promise<void> {
  const certificate = await issue();
  const { authorityId, serialNumber } = certificate;
  const request = { authorityId, serialNumber, event: 'revoked', requestedBy: 'test' } as const;
  const fail = () => Promise.reject(new Error('a crash'));
  const events = () => service.house.stores.database.query({ text: 'select id from audit_event' });
  const before = (await events()).length;
  await t.rejects(changeStatus({ ...house, audit: { record: fail } }, request, TEST_ACTOR), /a crash/);
  const dying = {
    transaction: <T>(work: Parameters<typeof house.transactions.transaction<T>>[0]) =>
      house.transactions.transaction<T>((tx) => work(tx).then(fail)),
  };
  await t.rejects(changeStatus({ ...house, transactions: dying }, request, TEST_ACTOR), /a crash/);
  t.strictSame(
    (await historyOf(certificate)).map(({ event }) => event),
    ['issued'],
  );
  t.equal((await events()).length, before);
  t.strictSame(await gaps(service), [], 'and its number goes to the next');
}

async function database(t: Test, { issue, change, service }: Fixture): Promise<void> {
  const store = service.house.stores.database;
  const [fresh, held, revoked] = [await issue(), await issue(), await issue()];
  await change(held, 'held');
  await change(revoked, 'revoked');
  const insert = (
    { authorityId, serialNumber }: IssuedCertificate,
    event: string,
    reason: string | null = null,
  ) =>
    store.transaction(async (tx) => {
      await service.house.stores.statuses.append(tx, {
        authorityId,
        serialNumber,
        event: event as StatusEvent,
        effectiveAt: service.clock.now(),
        requestedBy: 'test',
        ...(reason && { reason: reason as RevocationReason }),
      });
    });
  const CHECK = { code: '23514' };
  await t.rejects(insert(fresh, 'issued'), CHECK, 'issued twice');
  await t.rejects(insert(fresh, 'released'), CHECK, 'released without a hold');
  await t.rejects(insert(held, 'held', 'certificateHold'), CHECK, 'held twice');
  await t.rejects(insert(revoked, 'released'), CHECK, 'a revocation undone');
  await t.rejects(insert(revoked, 'revoked', 'superseded'), CHECK, 'revoked twice');
  await t.rejects(
    insert(fresh, 'revoked', 'certificateHold'),
    CHECK,
    'a revocation that calls itself a hold',
  );
  await t.rejects(insert(fresh, 'revoked'), CHECK, 'a revocation without a reason');
  await t.rejects(insert(fresh, 'held', 'keyCompromise'), CHECK, 'a hold for another reason');
  await t.rejects(insert(fresh, 'forgotten'), CHECK, 'an event that is none');
  await t.rejects(
    insert({ ...fresh, serialNumber: Buffer.alloc(16, 2) }, 'issued'),
    { code: '23503' },
    'of no certificate',
  );
  for (const text of [
    `update status_change set event = 'released', reason = null where event = 'revoked'`,
    `update status_change set effective_at = now() where event = 'issued'`,
    `delete from status_change where event = 'held'`,
    `update certificate set der = 'x'`,
    `delete from certificate`,
    `update issuance_intent set tbs_certificate = 'x'`,
    `delete from issuance_intent`,
  ])
    await t.rejects(store.query({ text }), { code: 'P0001' }, text);
  t.strictSame(await gaps(service), []);
}

/** Numbers that are missing between the first change and the counter. */
async function gaps({ house }: TestService): Promise<number[]> {
  const missing = await house.stores.database.query<{ n: number }>({
    text: `select n::int from generate_series(1, (select last_change_number from status_counter)) n
      where not exists (select from status_change where change_number = n)`,
  });
  return missing.map(({ n }) => n);
}
