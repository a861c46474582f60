import { setTimeout as delay } from 'node:timers/promises';

import t from 'tap';
import type { Test } from 'tap';

import { openStores } from '../../cli/stores.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { openSmtpMailer } from '../../messages/smtp-mailer.ts';
import { sendMessages } from '../../ra/messages/send-messages.ts';
import type { SendingHouse } from '../../ra/messages/send-messages.ts';
import { remindHolders } from '../../ra/reminders/remind-holders.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { MIGRATIONS, onBothDatabases } from '../support/both-databases.ts';
import { migrate } from '../../db/migrate.ts';
import { SmtpReceiver } from '../support/smtp-receiver.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const DAY = 24 * 3600;

/** Issues for a doctor, and takes down where they are reached. */
async function reachableDoctor(service: TestService, email: string | undefined) {
  const doctor = await issueDoctor(service);
  if (email !== undefined) {
    const answer = await service.app.inject({
      method: 'PUT',
      url: `/api/v1/applications/${doctor.applicationId}/contact`,
      headers: { cookie: await service.cookieOf('clerk') },
      payload: { email, mobile: '09990000001' },
    });
    if (answer.statusCode !== 200) throw new Error(answer.body);
  }
  return doctor;
}

const untilDaysBefore = (service: TestService, notAfter: Date, days: number, seconds = 0) =>
  service.clock.set(new Date(notAfter.getTime() - days * DAY * 1000 + seconds * 1000));

t.test('reminders before expiry', async (t) => {
  await onBothDatabases(
    t,
    async (t, { opened, dataDirectory }) => {
      const service = await openTestService({ opened, dataDirectory });
      try {
        await t.test('at ninety, thirty and seven days, each once', (t) => each(t, service));
      } finally {
        await service.close();
      }
    },
    'first-start',
  );
});

async function each(t: Test, service: TestService): Promise<void> {
  const { stores, services } = service.house;
  const house = { ...services.papers, ...stores };
  const [doctor, revoked, unknown] = [
    await reachableDoctor(service, 'one@clinic.example.org'),
    await reachableDoctor(service, 'revoked@clinic.example.org'),
    await reachableDoctor(service, undefined),
  ];
  await service.app.inject({
    method: 'POST',
    url: `${revoked.path}/revoke`,
    headers: { cookie: await service.cookieOf('ca-operator') },
    payload: { reason: 'superseded' },
  });
  const { notAfter } = doctor.certificate;
  const queued = async () => {
    const rows = await stores.database.query<{ kind: string; channel: string }>({
      text: 'select kind, channel from message order by queued_at, channel',
    });
    return rows.map(({ kind, channel }) => `${kind} ${channel}`);
  };
  untilDaysBefore(service, notAfter, 90, -120);
  t.equal(await remindHolders(house), 0, 'a moment before');
  untilDaysBefore(service, notAfter, 90, 60);
  t.equal(await remindHolders(house), 2, 'the one who left no address is looked at, and not again');
  t.strictSame(await queued(), ['expiry-90 email', 'expiry-90 sms']);
  t.equal(await remindHolders(house), 0, 'once');
  untilDaysBefore(service, notAfter, 7, 60);
  t.equal(await remindHolders(house), 2);
  t.strictSame(
    (await queued()).slice(2),
    ['expiry-7 email', 'expiry-7 sms'],
    'who was away on the thirtieth day does not send that one too',
  );
  untilDaysBefore(service, notAfter, 0, 60);
  t.equal(await remindHolders(house), 0, 'nothing after expiry');
  t.ok(unknown);
  await t.rejects(stores.database.query({ text: 'delete from reminder' }), /append-only/);
}

t.test('two nodes on one PostgreSQL, one mail server', async (t) => {
  const { url } = await createTestDatabase(t);
  const [one, other] = [await openPostgres(url), await openPostgres(url)];
  await migrate(one.pool, MIGRATIONS);
  const service = await openTestService({ opened: one, dataDirectory: temporaryFolder(t) });
  const receiver = await SmtpReceiver.listen(t);
  const mailer = openSmtpMailer({ url: receiver.url, from: 'mohr@council.example.org' });
  try {
    const addresses = Array.from({ length: 6 }, (_, index) => `doctor${index}@clinic.example.org`);
    let notAfter = service.clock.now();
    for (const address of addresses) ({ notAfter } = (await reachableDoctor(service, address)).certificate);
    untilDaysBefore(service, notAfter, 30, 60);
    const failures: string[] = [];
    let held: (() => void) | undefined;
    const nodes = [one, other].map((opened): SendingHouse & Parameters<typeof remindHolders>[0] => {
      const stores = openStores(opened);
      return {
        ...stores,
        transactions: stores.database,
        vault: service.house.services.papers.vault,
        clock: service.clock,
        messengers: { email: mailer, sms: { send: async () => Promise.reject(new Error('no gateway')) } },
        onMessageFailure: (error, { kind }) => void failures.push(`${kind} ${String(error)}`),
      };
    });
    const reminded = await Promise.all(nodes.map(remindHolders));
    t.equal(reminded[0] + reminded[1], 6, 'each holder by one of them');
    await Promise.all([...nodes, ...nodes].map(sendMessages));
    t.strictSame(receiver.received.flatMap(({ to }) => to).sort(), addresses, 'one mail each');
    t.match(Buffer.from(bodyOf(receiver.received[0].data), 'base64').toString(), /منقضی می‌شود/);
    t.equal(failures.length, 6, 'the gateway for short messages was away');
    t.notMatch(failures.join(), /0999|clinic/, 'and what was said of it names nobody');

    service.clock.advanceSeconds(31);
    await Promise.all(nodes.map(sendMessages));
    t.equal(failures.length, 12, 'tried again after half a minute, by one of them');
    t.equal(receiver.received.length, 6);

    // A node that dies while it sends: its claim runs out, and the other takes it.
    const hanging = { ...nodes[0], messengers: { ...nodes[0].messengers, sms: { send: hang } } };
    function hang(): Promise<'taken'> {
      return new Promise((resolve) => (held = () => resolve('taken')));
    }
    service.clock.advanceSeconds(61);
    void sendMessages(hanging).catch(() => undefined);
    while (!held) await delay(5);
    const taken: string[] = [];
    const alive: SendingHouse = {
      ...nodes[1],
      messengers: {
        ...nodes[1].messengers,
        sms: { send: async ({ to }) => (taken.push(to), 'taken' as const) },
      },
    };
    t.equal(await sendMessages(alive), 0, 'while the claim stands');
    service.clock.advanceSeconds(301);
    t.equal(await sendMessages(alive), 6, 'five minutes later');
    t.equal(taken.length, 6);
    const states = await openStores(one).database.query<{ state: string; count: number }>({
      text: 'select state, count(*)::int as count from message group by 1',
    });
    t.strictSame(states, [{ state: 'sent', count: 12 }]);
    held();
  } finally {
    mailer.close();
    await service.close();
    await other.close();
    await one.close();
  }
});

function bodyOf(data: string): string {
  return data.slice(data.indexOf('\r\n\r\n') + 4);
}
