import { cpSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { openPostgres } from '../../db/open-postgres.ts';
import { migrate } from '../../db/migrate.ts';
import { TEST_ORIGIN } from '../support/approve.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { httpCaller } from '../support/http-caller.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { NodeProcess } from '../support/node-process.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { TEST_PUBLIC_URL, copyPreparedKeys, postgresTemplate } from '../support/prepared-starts.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// Two nodes of one deployment, each a process of its own, on one PostgreSQL. One of them is killed while it has sessions in each
// of their states, one of which is just being signed; the other goes on with all of them.

/** One session for each place where the node dies. */
const PLACES = ['created', 'delivered', 'displayed', 'confirmed', 'signing'] as const;

t.test('a node that is killed leaves its sessions to another one', async (t) => {
  const { url } = await createTestDatabase(t, postgresTemplate('first-start'));
  const dataDirectory = temporaryFolder(t);
  copyPreparedKeys('postgres', dataDirectory);
  const opened = await openPostgres(url);
  t.teardown(() => opened.close());
  await migrate(opened.pool, MIGRATIONS);
  const service = await openTestService({ opened, dataDirectory });
  const prepared = await prepare(service);
  await service.close();
  const [first, second] = await Promise.all([
    startNode(t, url, dataDirectory),
    startNode(t, url, dataDirectory),
  ]);
  await dieAndGoOn(t, prepared, first, second);
  const { rows } = await opened.pool.query<{ signatures: number; evidence: number; ends: number }>(`select
    (select count(*) from made_signature)::int as signatures, (select count(*) from signature_evidence)::int as evidence,
    (select count(*) from audit_event where action = 'end-signature-session')::int as ends`);
  const each = PLACES.length;
  t.strictSame(rows, [{ signatures: each, evidence: each, ends: each }], 'each was signed once');
});

interface Prepared {
  system: PrescriptionSystem;
  pairs: { doctor: IssuedDoctor; phone: SoftwarePhone }[];
}

/** Everybody is signed in already: tokens stand in the database. And what is sealed later is sealed under a key that both have. */
async function prepare(service: TestService): Promise<Prepared> {
  const system = await PrescriptionSystem.register(service);
  const pairs = [];
  for (let at = 0; at < PLACES.length; at += 1) {
    const doctor = await issueDoctor(service);
    const phone = new SoftwarePhone(service.app, doctor);
    await phone.signIn();
    pairs.push({ doctor, phone });
  }
  await service.house.services.papers.vault.seal('first', Buffer.from('x'));
  return { system, pairs };
}

async function startNode(t: Test, url: string, dataDirectory: string): Promise<NodeProcess> {
  const own = join(temporaryFolder(t), 'data');
  cpSync(dataDirectory, own, { recursive: true });
  const node = await NodeProcess.create(t, {
    DATABASE_URL: url,
    MOHR_DATA_DIR: own,
    MOHR_PUBLIC_URL: TEST_PUBLIC_URL,
    MOHR_CONSOLE_URL: TEST_ORIGIN,
    MOHR_PUSH_HOSTS: 'none',
  });
  node.start();
  await node.ready();
  return node;
}

async function dieAndGoOn(
  t: Test,
  { system, pairs }: Prepared,
  first: NodeProcess,
  second: NodeProcess,
): Promise<void> {
  const [here, there] = [httpCaller(first.url), httpCaller(second.url)];
  const clinic = system.at(here);
  const sessions = await Promise.all(
    pairs.map(async ({ doctor, phone }, at) => {
      const { councilNumber } = doctor.body.applicant;
      const { body, status } = await clinic.ask({ holder: { councilNumber }, documents: [fhirDocument()] });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return { id: body.id, later: phone.at(there), answer: await goTo(PLACES[at], phone.at(here)) };
    }),
  );
  // The clinic waits at the node that stays, for what phones do at the one that goes.
  const waiting = sessions.map(({ id }) => system.at(there).read(id, 25));
  const dying = sessions.flatMap(({ answer }) => (answer ? [answer().catch(() => undefined)] : []));
  await first.kill();
  await Promise.all(dying);
  for (const [at, { later, id }] of sessions.entries()) t.equal(await goOn(later, id), 'SIGNED', PLACES[at]);
  for (const [at, answer] of (await Promise.all(waiting)).entries())
    t.match(answer.body, { state: 'SIGNED', signatures: [String] }, `who asked has it: ${PLACES[at]}`);
}

const unfinished = new Map<string, { values: string[] }>();

/** Takes a session to where the node dies; returns what is sent just then. */
async function goTo(
  place: (typeof PLACES)[number],
  phone: SoftwarePhone,
): Promise<(() => Promise<unknown>) | undefined> {
  if (place === 'created') return undefined;
  const request = (await phone.fetch())!;
  if (place === 'delivered') return undefined;
  const screen = phone.read(request);
  const { signingTime } = (await phone.display(request, screen)).body;
  if (place === 'displayed') return undefined;
  await phone.confirm(request, screen.verificationCode);
  const values = phone.values(request, screen, signingTime);
  unfinished.set(request.id, { values });
  return place === 'signing' ? () => phone.submit(request, values) : undefined;
}

/** The phone does not know how far it came: what it has signed it sends again, else it begins anew. */
async function goOn(phone: SoftwarePhone, id: string): Promise<string | undefined> {
  const signed = unfinished.get(id);
  if (signed) return (await phone.submit({ id }, signed.values)).body.state;
  return (await phone.approve((await phone.fetch())!)).body.state;
}
