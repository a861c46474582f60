import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import t from 'tap';
import type { Test } from 'tap';

import { HttpClient } from '../../cli/demo/http-client.ts';
import { startService } from '../../cli/demo/service-process.ts';
import type { ServiceProcess } from '../../cli/demo/service-process.ts';
import { applicationBody } from '../support/applications.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What the service has answered with success: it must never be gone. */
interface Acknowledged {
  filed: Set<string>;
  approved: Set<string>;
  held: Set<string>;
}

const ROUNDS = 3;
/** The blow falls at another moment of the work each time. */
const WORK_MILLISECONDS = [150, 400, 800];

t.test('kill -9 loses nothing that was acknowledged', async (t) => {
  await t.test('on the embedded database', (t) => survives(t));
  await t.test('on PostgreSQL', async (t) => survives(t, (await createTestDatabase(t)).url));
});

async function survives(t: Test, databaseUrl?: string): Promise<void> {
  const dataDirectory = temporaryFolder(t);
  const acknowledged: Acknowledged = { filed: new Set(), approved: new Set(), held: new Set() };
  const start = () => startService(dataDirectory, { ...(databaseUrl && { databaseUrl }) });
  for (let round = 0; round < ROUNDS; round += 1) {
    const service = await start();
    await workUntilKilled(service, acknowledged, WORK_MILLISECONDS[round]);
  }
  t.ok(acknowledged.approved.size > 0, `${acknowledged.approved.size} approvals were acknowledged`);
  const service = await start();
  try {
    await everythingIsThere(t, service, acknowledged);
  } finally {
    await service.stop();
  }
}

/** Files, approves and holds as fast as answers come; the service is killed in the middle of it. */
async function workUntilKilled(
  service: ServiceProcess,
  acknowledged: Acknowledged,
  milliseconds: number,
): Promise<void> {
  const [clerk, approver] = await signIn(service);
  const exited = once(service.process, 'exit');
  const work = [0, 1].map(() => fileAndApprove(clerk, approver, acknowledged));
  await delay(milliseconds);
  service.process.kill('SIGKILL');
  await exited;
  await Promise.all(work);
}

/** Ends with the first request that gets no answer. */
async function fileAndApprove(
  clerk: HttpClient,
  approver: HttpClient,
  acknowledged: Acknowledged,
): Promise<void> {
  try {
    for (;;) {
      const filed = await clerk.json('POST', '/api/v1/applications', await applicationBody());
      if (filed.status !== 201) throw new Error(`filing answered ${filed.status}`);
      acknowledged.filed.add(filed.body.id);
      const path = `/api/v1/applications/${filed.body.id}`;
      const approved = await approver.json('POST', `${path}/approve`, { version: 1 });
      if (approved.status !== 200) throw new Error(`approving answered ${approved.status}`);
      acknowledged.approved.add(filed.body.id);
      const found = await clerk.json('GET', `/api/v1/certificates?applicationId=${filed.body.id}`);
      const serialNumber = (found.body.items[0] as unknown as { serialNumber: string }).serialNumber;
      const held = await clerk.json('POST', `/api/v1/certificates/bronze/${serialNumber}/hold`);
      if (held.status === 200) acknowledged.held.add(filed.body.id);
    }
  } catch (error) {
    // A connection that broke is the blow; an answer that was not as expected is a fault.
    if (!(error instanceof TypeError)) throw error;
  }
}

async function everythingIsThere(
  t: Test,
  service: ServiceProcess,
  { filed, approved, held }: Acknowledged,
): Promise<void> {
  const [clerk] = await signIn(service);
  for (const id of filed) {
    const read = await clerk.json('GET', `/api/v1/applications/${id}`);
    t.equal(read.status, 200, 'an acknowledged application is there');
    t.not(read.body.state, 'approved', 'no approval waits for its certificate after a start');
    const { items } = (await clerk.json('GET', `/api/v1/certificates?applicationId=${id}`)).body;
    t.equal(items.length, read.body.state === 'issued' ? 1 : 0, 'exactly one certificate for what is issued');
    if (approved.has(id)) t.equal(read.body.state, 'issued', 'an acknowledged approval has its certificate');
    if (!held.has(id)) continue;
    const { status } = items[0] as unknown as { status: { kind: string } };
    t.equal(status.kind, 'revoked', 'an acknowledged hold is in force');
  }
}

async function signIn(service: ServiceProcess): Promise<[clerk: HttpClient, approver: HttpClient]> {
  const officers: [HttpClient, HttpClient] = [
    new HttpClient(service.publicUrl),
    new HttpClient(service.publicUrl),
  ];
  for (const [index, officer] of officers.entries()) await officer.signIn(service.loginLinks[index]);
  return officers;
}
