import { once } from 'node:events';

import { syntheticDoctor } from '../../cli/registers/registered-person.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { issueDoctor } from './issue-doctor.ts';
import type { IssuedDoctor } from './issue-doctor.ts';
import { dieAtOnce, watchCommits } from './mortal-commits.ts';
import { openTestService } from './test-service.ts';
import type { TestService } from './test-service.ts';

// A process that does one piece of a CA's work and dies by its own kill -9 right before one of the commits of it, so that what is
// left is what the commit before has left; or lives, when the work has fewer commits.

export type MortalWork = 'issue' | 'revoke' | 'publish CRL';

export interface MortalOrder {
  url: string;
  dataDirectory: string;
  work: MortalWork;
  /** Counted from 1, of transactions that write what the work is about. */
  diesAtCommit: number;
  /** Of the person that is issued for. */
  seed: number;
}

/** What it says when it has lived through it. */
export interface MortalResult {
  commits: number;
}

/** What else a service writes while it works: its heartbeat, sessions of officers. */
const OF_THE_WORK =
  /^(?:application|approval|holder|issuance_intent|certificate|status_c|crl|audit|hold_cause|renewal)/;

let armedFor = 0;
let commits = 0;

process.once('message', (order) => void live(order as MortalOrder));

/** It says when it has started, which is when it has completed what the one before it left, and goes on when it is told to. */
async function live({ url, dataDirectory, work, diesAtCommit, seed }: MortalOrder): Promise<void> {
  const opened = await openPostgres(url);
  watchCommits(opened.pool, OF_THE_WORK, () => {
    if (armedFor === 0) return;
    commits += 1;
    if (commits === armedFor) dieAtOnce();
  });
  const service = await openTestService({ opened, dataDirectory });
  const told = once(process, 'message');
  process.send!('started');
  await told;
  const issued = () => issueDoctor(service, { applicant: doctorOf(seed) });
  await WORKS[work](service, issued, () => (armedFor = diesAtCommit));
  armedFor = 0;
  process.send!({ commits } satisfies MortalResult);
  await service.close();
  await opened.close();
  process.disconnect();
}

const WORKS: Record<
  MortalWork,
  (service: TestService, issue: () => Promise<IssuedDoctor>, arm: () => void) => Promise<void>
> = {
  issue: async (_service, issue, arm) => {
    arm();
    await issue();
  },
  revoke: async (service, issue, arm) => {
    const { path } = await issue();
    const headers = { cookie: await service.cookieOf('ca-operator') };
    arm();
    const payload = { reason: 'keyCompromise' };
    const { statusCode } = await service.app.inject({
      method: 'POST',
      url: `${path}/revoke`,
      headers,
      payload,
    });
    if (statusCode !== 200) throw new Error(`not revoked: ${statusCode}`);
  },
  'publish CRL': async (service, issue, arm) => {
    const { path } = await issue();
    const headers = { cookie: await service.cookieOf('ca-operator') };
    await service.app.inject({ method: 'POST', url: `${path}/hold`, headers });
    const numberOf = async () => (await service.app.inject({ url: '/crl/bronze.crl' })).headers.etag;
    const before = await numberOf();
    arm();
    while ((await numberOf()) === before) {
      service.clock.advanceSeconds(3);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
};

/** Another one in each process. */
function doctorOf(seed: number) {
  const { nationalId, givenName, surname, latinName, councilNumber } = syntheticDoctor(seed);
  return { nationalId, givenName, surname, latinName, councilNumber };
}
