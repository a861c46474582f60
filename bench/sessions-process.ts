import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import { pino } from 'pino';

import { buildApp } from '../api/app.ts';
import { readRoster } from '../ca/campaign/roster.ts';
import { withCampaignHouse } from '../cli/campaign/campaign-house.ts';
import { issueRoster } from '../cli/campaign/issue-roster.ts';
import { ROSTER_COLUMNS } from '../cli/campaign/roster-application.ts';
import { openRosterFile } from '../cli/campaign/roster-file.ts';
import { openHouse } from '../cli/house.ts';
import { openDatabase } from '../cli/open-database.ts';
import type { Settings } from '../cli/settings.ts';
import { systemClock } from '../core/clock.ts';
import { onlyProcess } from '../db/pg-leader-lock.ts';
import { registerRelyingParty } from '../signing/relying-parties/manage-relying-parties.ts';
import { makeBenchDeployment } from './bench-deployment.ts';
import { BENCH_PARTY } from './sessions-protocol.ts';
import type { SessionsMemory, SessionsOpened, SessionsOrder } from './sessions-protocol.ts';
import { seedCertificates } from './seed-certificates.ts';

// The process that `sessions.ts` measures: a whole service over PostgreSQL, asked over HTTP.

const PROFILE = 'signing-phone';
const TOKEN_SECONDS = 3600;

process.once('disconnect', () => process.exit());
process.on('message', (order: SessionsOrder) => {
  void (order.kind === 'open'
    ? open(order).then(answer)
    : answer({ residentOctets: process.memoryUsage.rss() }));
});

async function open(order: SessionsOrder & { kind: 'open' }): Promise<SessionsOpened> {
  const settings = await makeBenchDeployment(order.databaseUrl, order.folder);
  await issueOne(settings, order.roster);
  const opened = await openDatabase(settings);
  await seedCertificates(opened.pool, order.credentials);
  const logger = pino({ level: 'silent' });
  const house = await openHouse({
    ...settings,
    // One relying party stands for all of a country.
    sessionsPerMinute: 1_000_000,
    opened,
    crlLock: onlyProcess,
    clock: systemClock,
    logger,
  });
  const app = await buildApp(house.services, { logger, version: '0' });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { relyingParties } = house.services.signing;
  await registerRelyingParty(
    relyingParties,
    { kind: 'operator', id: 'bench' },
    { id: BENCH_PARTY, displayedName: 'Bench', patientView: 'masked', callbackUrls: [] },
  );
  const token = randomBytes(32).toString('base64url');
  const until = new Date(systemClock.now().getTime() + TOKEN_SECONDS * 1000);
  await house.stores.database.transaction((tx) =>
    relyingParties.relyingParties.insertToken(
      tx,
      createHash('sha256').update(token).digest(),
      BENCH_PARTY,
      until,
    ),
  );
  return { port: (app.server.address() as AddressInfo).port, token };
}

/** The certificate of which all the others are copies, with its key. */
async function issueOne(settings: Settings, roster: string): Promise<void> {
  await withCampaignHouse({ settings, clock: systemClock }, async (house) => {
    const officers = await house.database.transaction((tx) => house.officers.listOfficers(tx));
    const terms = {
      filedBy: officers.find(({ roles }) => roles.includes('clerk'))!,
      approvedBy: officers.find(({ roles }) => roles.includes('approving-officer'))!,
      campaign: 'bench',
      profileId: PROFILE,
      authorityId: await house.authorityFor(PROFILE),
    };
    const { chunks, format } = await openRosterFile(roster);
    const rows = readRoster(chunks, { format, required: ROSTER_COLUMNS });
    for await (const results of issueRoster(rows, { house, terms, dryRun: false, batchSize: 1 }))
      if (results.some(({ outcome }) => outcome !== 'issued')) throw new Error(JSON.stringify(results));
  });
}

function answer(message: SessionsOpened | SessionsMemory): void {
  process.send!(message);
}
