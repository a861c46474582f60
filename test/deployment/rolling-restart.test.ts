import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import t from 'tap';

import type { TypedApp } from '../../api/typed-app.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { migrate } from '../../db/migrate.ts';
import { TEST_ORIGIN, approve, passkeyOf, sendAs } from '../support/approve.ts';
import { applicationBody } from '../support/applications.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { httpCaller } from '../support/http-caller.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { NodeProcess } from '../support/node-process.ts';
import { OcspLoad } from '../support/ocsp-load.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { TEST_PUBLIC_URL, copyPreparedKeys, postgresTemplate } from '../support/prepared-starts.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { runNginx } from '../support/run-nginx.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// The order of docs/OPERATIONS.md for an upgrade: one node after the other is told to stop, drains, ends, and is started again,
// while officers issue, doctors sign with their phones and pharmacies ask for statuses through nginx. Nobody notices.

/** Long enough to be seen, also by a machine that looks late. */
const DRAIN_SECONDS = 3;
/** A phone waits so long for a request, unless its node goes away. */
const WAIT_SECONDS = 20;
const BETWEEN_MILLISECONDS = 300;
/** What each kind of load has to have seen to say anything; on a busy machine, the restarts are over sooner. */
const SERVED_MIN = 5;

const folder = temporaryFolder(t);
const { url } = await createTestDatabase(t, postgresTemplate('first-start'));
const setUp = join(folder, 'set-up');
copyPreparedKeys('postgres', setUp);
const opened = await openPostgres(url);
t.teardown(() => opened.close());
await migrate(opened.pool, MIGRATIONS);
const service = await openTestService({ opened, dataDirectory: setUp });
const prepared = await prepare(service);
const issuer = service.house.hierarchy.certificates.get('bronze')!;
await service.close();

const nodes = [await createNode('api-1'), await createNode('api-2')];
for (const node of nodes) node.start();
await Promise.all(nodes.map((node) => node.ready()));
const front = await runNginx(t, join(folder, 'nginx'), nodes, { apiNodes: nodes });

t.test('both nodes are restarted under load, and no request fails', async (t) => {
  const caller = httpCaller(front);
  const failures: string[] = [];
  let isOver = false;
  const served = { certificates: 0, searches: 0, sessions: 0, waits: 0 };
  const lane = async (kind: keyof typeof served, work: () => Promise<void>): Promise<void> => {
    for (; !isOver; served[kind] += 1)
      await work().catch(
        (error: unknown) => void failures.push(String(error instanceof Error ? error.stack : error)),
      );
  };
  const stopped = new AbortController();
  const ocsp = new OcspLoad({ url: `${front}/ocsp/bronze`, issuer, doctors: prepared.doctors });
  const asking = ocsp.run(stopped.signal);
  const app = caller as unknown as TypedApp;
  const system = prepared.system.at(caller);
  const phones = prepared.phones.map(({ phone, doctor }) => ({ phone: phone.at(caller), doctor }));
  const lanes = [
    lane('certificates', () => issue(app, prepared.cookies)),
    lane('searches', () => search(app, prepared.cookies.clerk)),
    ...phones.map((pair) => lane('sessions', () => sign(system, pair))),
  ];
  // One that nobody asks anything: it is there to wait.
  lanes.push(lane('waits', () => waitInVain(prepared.idle.at(caller))));
  await delay(BETWEEN_MILLISECONDS);
  const readiness: string[] = [];
  for (const node of nodes) {
    const stopping = node.stop();
    readiness.push(await untilUnready(node));
    t.equal(await stopping, 0, 'it ended by itself');
    node.start();
    await node.ready();
    await delay(BETWEEN_MILLISECONDS);
  }
  while (Math.min(ocsp.answers.length, served.certificates, served.sessions) < SERVED_MIN)
    await delay(BETWEEN_MILLISECONDS);
  isOver = true;
  stopped.abort();
  await Promise.all([...lanes, asking]);
  const failed = [...failures, ...ocsp.failures.map(({ reason }) => reason)];
  t.comment(
    `${nodes.length} restarts; ${ocsp.answers.length} OCSP answers, ${served.certificates} certificates, ${served.searches} searches, ` +
      `${served.sessions} signature sessions, ${served.waits} waits; ${failed.length} failed`,
  );
  t.strictSame(failed, [], 'no request failed');
  t.strictSame(ocsp.wrongAnswers(), [], 'and no answer was wrong');
  t.strictSame(readiness, ['stopping', 'stopping'], '/ready said so while everything was still answered');
});

async function prepare(at: TestService) {
  const doctors: IssuedDoctor[] = [];
  for (let count = 0; count < 4; count += 1) doctors.push(await issueDoctor(at));
  const phones = [];
  for (const doctor of doctors) {
    const phone = new SoftwarePhone(at.app, doctor);
    await phone.signIn();
    phones.push({ doctor, phone });
  }
  const idle = phones.pop()!.phone;
  const system = await PrescriptionSystem.register(at);
  const cookies = {
    clerk: await at.cookieOf('clerk'),
    approver: await at.cookieOf('approving-officer'),
    operator: await at.cookieOf('ca-operator'),
  };
  // What is sealed later is sealed under a key that all have.
  await at.house.services.papers.vault.seal('first', Buffer.from('x'));
  return { doctors, phones: phones.slice(0, 2), idle, system, cookies };
}

type Cookies = Awaited<ReturnType<typeof prepare>>['cookies'];

async function createNode(name: string): Promise<NodeProcess> {
  const dataDirectory = join(folder, name);
  cpSync(setUp, dataDirectory, { recursive: true, filter: (path) => !path.includes('lock') });
  return NodeProcess.create(t, {
    DATABASE_URL: url,
    MOHR_DATA_DIR: dataDirectory,
    MOHR_PUBLIC_URL: TEST_PUBLIC_URL,
    MOHR_CONSOLE_URL: TEST_ORIGIN,
    MOHR_PUSH_HOSTS: 'none',
    MOHR_OCSP_PEAK: '100',
    MOHR_DRAIN_SECONDS: String(DRAIN_SECONDS),
  });
}

/** What a balancer that asks by itself is told, while the process still answers. */
async function untilUnready({ url: own }: NodeProcess): Promise<string> {
  for (;;) {
    const answer = await fetch(`${own}/ready`);
    const { checks } = (await answer.json()) as { checks: Record<string, string> };
    if (answer.status === 503) return Object.keys(checks).find((name) => checks[name] === 'failed')!;
    await delay(10);
  }
}

async function issue(app: TypedApp, { clerk, approver, operator }: Cookies): Promise<void> {
  await passkeyOf(app, approver);
  const asClerk = sendAs(app, clerk);
  const { id } = expect(201, await asClerk('POST', '/api/v1/applications', await applicationBody()));
  const approved = await approve(app, approver, id);
  if (approved.status !== 200) throw new Error(`approval: ${approved.status}`);
  const { items } = expect(200, await asClerk('GET', `/api/v1/certificates?applicationId=${id}`));
  const [{ serialNumber }] = items;
  const path = `/api/v1/certificates/bronze/${serialNumber}`;
  expect(200, await sendAs(app, operator)('POST', `${path}/revoke`, { reason: 'keyCompromise' }));
}

async function search(app: TypedApp, clerk: string): Promise<void> {
  expect(200, await sendAs(app, clerk)('GET', '/api/v1/certificates?limit=5'));
  await delay(20);
}

async function sign(
  system: PrescriptionSystem,
  { phone, doctor }: { phone: SoftwarePhone; doctor: IssuedDoctor },
): Promise<void> {
  const { councilNumber } = doctor.body.applicant;
  // The phone waits before there is anything.
  const coming = waitForRequest(phone);
  const asked = await system.ask({ holder: { councilNumber }, documents: [fhirDocument()] });
  if (asked.status !== 201) throw new Error(`session: ${JSON.stringify(asked)}`);
  const ended = system.read(asked.body.id, WAIT_SECONDS);
  const answer = await phone.approve(await coming);
  if (answer.body.state !== 'SIGNED') throw new Error(`phone: ${JSON.stringify(answer)}`);
  let { status, body } = await ended;
  // Its node went away: it was told how things stood, and asks again.
  if (status === 200 && body.state !== 'SIGNED')
    ({ status, body } = await system.read(asked.body.id, WAIT_SECONDS));
  if (status !== 200 || body.state !== 'SIGNED') throw new Error(`read: ${status} ${JSON.stringify(body)}`);
}

/** Asks again when there was nothing, as the page on the phone does. */
async function waitForRequest(phone: SoftwarePhone) {
  for (;;) {
    const answer = await phone.send('GET', `/signature-session?wait=${WAIT_SECONDS}`);
    if (answer.status === 200) return answer.body as never;
    if (answer.status !== 204)
      throw new Error(`phone waits: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

async function waitInVain(phone: SoftwarePhone): Promise<void> {
  const answer = await phone.send('GET', '/signature-session?wait=2');
  if (answer.status !== 204) throw new Error(`nothing to wait for: ${answer.status}`);
}

function expect(status: number, answer: { status: number; body: unknown }) {
  if (answer.status === status) return answer.body as { id: string; items: { serialNumber: string }[] };
  throw new Error(`${answer.status} ${JSON.stringify(answer.body)}, expected ${status}`);
}
