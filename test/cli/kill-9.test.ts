import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import t from 'tap';
import type { Test } from 'tap';

import { startService } from '../../cli/demo/service-process.ts';
import type { ServiceProcess, ServiceProcessOptions } from '../../cli/demo/service-process.ts';
import { freePort } from '../support/free-port.ts';
import { workUntilItDies } from '../support/office-work.ts';
import type { Case, Officers } from '../support/office-work.ts';
import { assertAllIsThere, signInOfficers } from '../support/office-check.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Officers work, the service is killed at a random moment, and is started again on the same data: what it acknowledged is
// there, what it began is complete or was never there, and nothing is there twice.

const LANES = 3;
/** When the service dies: some milliseconds after so many approvals were sent, so that some are on their way. */
const ROUNDS = [
  { approvals: 8, milliseconds: () => Math.random() * 12 },
  { approvals: 14, milliseconds: () => Math.random() * 60 },
];

type Query = <Row>(text: string) => Promise<Row[]>;

t.test('kill -9 on the embedded database', async (t) => {
  const folder = temporaryFolder(t);
  await survive(t, folder, {});
  const database = await PGlite.create(join(folder, 'database'));
  await lastLook(t, async <Row>(text: string) => (await database.query<Row>(text)).rows);
  await database.close();
});

t.test('kill -9 on PostgreSQL', async (t) => {
  const { url } = await createTestDatabase(t);
  await survive(t, temporaryFolder(t), { databaseUrl: url });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await lastLook(t, async <Row>(text: string) => (await client.query(text)).rows as Row[]);
  await client.end();
});

async function survive(t: Test, folder: string, options: ServiceProcessOptions): Promise<void> {
  const port = await freePort();
  let service = await startService(folder, { ...options, port });
  t.teardown(() => service.stop());
  // Sessions are rows too: nobody signs in again after a crash.
  const officers = await signInOfficers(service);
  const cases: Case[] = [];
  for (const { approvals, milliseconds } of ROUNDS) {
    await workAndKill(service, officers, cases, approvals, milliseconds());
    service = await startService(folder, { ...options, port });
    await assertAllIsThere(t, officers, cases, service.publicUrl);
  }
  t.ok(cases.length >= 20, `${cases.length} doctors`);
  service.process.kill('SIGKILL');
  await once(service.process, 'exit');
}

async function workAndKill(
  service: ServiceProcess,
  officers: Officers,
  cases: Case[],
  approvals: number,
  milliseconds: number,
): Promise<void> {
  const died = once(service.process, 'exit');
  let sent = 0;
  const onApproval = () => {
    sent += 1;
    if (sent === approvals) void delay(milliseconds).then(() => service.process.kill('SIGKILL'));
  };
  await Promise.all(Array.from({ length: LANES }, () => workUntilItDies(officers, cases, onApproval)));
  await died;
}

/** After the last kill, without the service: what must hold in the database whatever was asked. */
async function lastLook(t: Test, query: Query): Promise<void> {
  const none: [name: string, text: string][] = [
    [
      'no change number is left out',
      `select n from generate_series(1, (select last_change_number from status_counter)) n
        where not exists (select from status_change where change_number = n)`,
    ],
    [
      'no intent is open',
      `select serial_number from issuance_intent i where not exists (select from certificate c
        where c.authority_id = i.authority_id and c.serial_number = i.serial_number)`,
    ],
    ['no application waits', `select id from application where state = 'approved'`],
    [
      'no application has two certificates',
      `select origin from certificate where origin like 'application:%' group by origin having count(*) > 1`,
    ],
    [
      'no certificate lacks its status',
      `select sha256 from certificate c where not exists (select from status_change s where s.event = 'issued'
        and s.authority_id = c.authority_id and s.serial_number = c.serial_number)`,
    ],
    ...Object.entries({
      issued: 'issue-certificate',
      held: 'hold-certificate',
      released: 'release-certificate',
      revoked: 'revoke-certificate',
    }).map(([event, action]): [string, string] => [
      `each ${event} has its event, and no event is without one`,
      `with changes as (select 'certificate:' || authority_id || '/' || encode(serial_number, 'hex') as subject, count(*)
          from status_change where event = '${event}' group by 1),
        events as (select subject, count(*) from audit_event where action = '${action}' and outcome = 'accepted'
          and subject like 'certificate:%' group by 1)
        select * from changes full join events using (subject, count) where changes.subject is null or events.subject is null`,
    ]),
    [
      'each application has the events of its state',
      `select id from application a where not exists (select from audit_event where subject = 'application:' || a.id
          and action = 'file-application')
        or (state = 'issued' and (select count(*) from audit_event where subject = 'application:' || a.id
          and action in ('approve-application', 'complete-application')) <> 2)`,
    ],
  ];
  for (const [name, text] of none) t.strictSame(await query(text), [], name);
}
