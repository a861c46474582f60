import { performance } from 'node:perf_hooks';

import { readRoster } from '../ca/campaign/roster.ts';
import { withCampaignHouse } from '../cli/campaign/campaign-house.ts';
import type { CampaignHouse } from '../cli/campaign/campaign-house.ts';
import { BATCH_ROWS_MAX, issueRoster } from '../cli/campaign/issue-roster.ts';
import { campaignExemption } from '../cli/campaign/issue-tokens.ts';
import { ROSTER_COLUMNS, applicationOfRow } from '../cli/campaign/roster-application.ts';
import { openRosterFile } from '../cli/campaign/roster-file.ts';
import { systemClock } from '../core/clock.ts';
import { originOf } from '../ra/application.ts';
import { actorOf } from '../ra/officer.ts';
import type { Officer, Role } from '../ra/officer.ts';
import { benchSettings, makeBenchDeployment } from './bench-deployment.ts';
import { BENCH_PROFILE } from './issuance-worker-protocol.ts';
import type { WorkerAnswer, WorkerOrder } from './issuance-worker-protocol.ts';

// The process that `issuance.ts` measures: a campaign's house, asked over IPC.

process.once('disconnect', () => process.exit());
const order = await nextOrder();
if (order.kind !== 'open') throw new Error('the first order is to open');
const { databaseUrl, folder, isMade } = order;
const settings = isMade ? benchSettings(databaseUrl, folder) : await makeBenchDeployment(databaseUrl, folder);
await withCampaignHouse({ settings, clock: systemClock }, async (house) => {
  const officers = await house.database.transaction((tx) => house.officers.listOfficers(tx));
  const officer = (role: Role): Officer => officers.find(({ roles }) => roles.includes(role))!;
  const terms = {
    filedBy: officer('clerk'),
    approvedBy: officer('approving-officer'),
    campaign: 'bench',
    profileId: BENCH_PROFILE,
    authorityId: await house.authorityFor(BENCH_PROFILE),
  };
  answer({ milliseconds: [] });
  for (;;) {
    const next = await nextOrder();
    if (next.kind === 'open') throw new Error('opened already');
    const work = next.kind === 'bulk' ? bulk : single;
    answer({ milliseconds: await work(house, terms, next.roster) });
  }
});

type Terms = Parameters<typeof issueRoster>[1]['terms'];

/** A campaign without its output: from the first octet of the roster to the last commit. */
async function bulk(house: CampaignHouse, terms: Terms, roster: string): Promise<number[]> {
  const start = performance.now();
  const { chunks, format } = await openRosterFile(roster);
  const rows = readRoster(chunks, { format, required: ROSTER_COLUMNS });
  for await (const results of issueRoster(rows, { house, terms, dryRun: false, batchSize: BATCH_ROWS_MAX })) {
    const wrong = results.find(({ outcome }) => outcome !== 'issued');
    if (wrong) throw new Error(`not issued: ${JSON.stringify(wrong)}`);
  }
  return [performance.now() - start];
}

/** One by one, each durable before the next: request read and verified, prepared, issued. */
async function single(house: CampaignHouse, terms: Terms, roster: string): Promise<number[]> {
  const milliseconds: number[] = [];
  const { chunks, format } = await openRosterFile(roster);
  for await (const { values } of readRoster(chunks, { format, required: ROSTER_COLUMNS })) {
    const start = performance.now();
    const application = await applicationOfRow(values!, { ...terms, now: house.clock.now() });
    const { nationalId, givenName, surname, latinName, councilNumber } = application.applicant;
    const token = await house.issuer.prepare({
      ...application,
      origin: originOf(application.id),
      subject: { nationalId, givenName, surname, latinName },
      councilNumber,
      authorization: campaignExemption(terms),
    });
    await house.issuer.issue(token, actorOf(terms.approvedBy));
    milliseconds.push(performance.now() - start);
  }
  return milliseconds;
}

function nextOrder(): Promise<WorkerOrder> {
  return new Promise((resolve) => process.once('message', (message) => resolve(message as WorkerOrder)));
}

function answer(message: WorkerAnswer): void {
  process.send!(message);
}
