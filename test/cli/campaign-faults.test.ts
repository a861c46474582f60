import { spawn } from 'node:child_process';
import { openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { pino } from 'pino';
import t from 'tap';

import { readRoster } from '../../ca/campaign/roster.ts';
import { withCampaignHouse } from '../../cli/campaign/campaign-house.ts';
import type { CampaignHouse } from '../../cli/campaign/campaign-house.ts';
import { issueRoster } from '../../cli/campaign/issue-roster.ts';
import type { RowResult } from '../../cli/campaign/row-result.ts';
import { Reporter } from '../../cli/campaign/reporter.ts';
import { ROSTER_COLUMNS } from '../../cli/campaign/roster-application.ts';
import { openRosterFile } from '../../cli/campaign/roster-file.ts';
import { CeremonyFiles } from '../../cli/ceremony/ceremony-files.ts';
import { checkRecords } from '../../cli/fsck/check-records.ts';
import { openHouse } from '../../cli/house.ts';
import { openDatabase } from '../../cli/open-database.ts';
import { readSettings } from '../../cli/settings.ts';
import { systemClock } from '../../core/clock.ts';
import { onlyProcess } from '../../db/pg-leader-lock.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { actorOf } from '../../ra/officer.ts';
import type { Officer, Role } from '../../ra/officer.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { csvOf, rosterRow } from '../support/roster.ts';
import { softToken } from '../support/soft-token.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { NO_TINY_DISK, tinyDisk } from '../support/tiny-disk.ts';

const ROWS = 60;

t.test('a token that is pulled out during a campaign', async (t) => {
  const token = softToken(t);
  const folder = temporaryFolder(t);
  const { url } = await createTestDatabase(t);
  const args = ['--database-url', url, '--data-dir', folder, '--public-url', 'http://mohr.test'];
  const read = readSettings([...args, '--keys', token.tokenUri], {});
  if (read.faults) throw new Error(read.faults.join());
  const { settings } = read;
  const opened = await openDatabase(settings);
  t.teardown(() => opened.close());
  const logger = pino({ level: 'silent' });
  const service = await openHouse({ ...settings, opened, crlLock: onlyProcess, clock: systemClock, logger });
  await service.close();
  const { database } = service.stores;
  const count = async (table: string) => {
    const [{ n }] = await database.query<{ n: number }>({ text: `select count(*)::int as n from ${table}` });
    return n;
  };
  const roster = join(folder, 'roster.csv');
  writeFileSync(roster, csvOf(await Promise.all(Array.from({ length: ROWS }, () => rosterRow()))));

  const before = await count('certificate');
  const first: RowResult[] = [];
  await t.rejects(
    withCampaignHouse({ settings, clock: systemClock }, async (house) => {
      for await (const results of campaign(house, roster)) {
        first.push(...results);
        if (first.length === 20) token.remove();
      }
    }),
    { code: 'key-unavailable' },
  );
  const issued = (await count('certificate')) - before;
  t.ok(issued >= 20 && issued < ROWS, `${issued} were issued before`);
  const open = (await count('issuance_intent')) - (await count('certificate'));
  t.ok(open > 0, `${open} intents wait for the key`);
  const found: string[] = [];
  for await (const { code } of checkRecords(new PgRecords(database))) found.push(code);
  t.strictSame(new Set(found), new Set(['intent-open', 'application-open']), 'fsck names what is left');

  token.putBack();
  const again: RowResult[] = [];
  await withCampaignHouse({ settings, clock: systemClock }, async (house) => {
    const { approvedBy } = await officersOf(house);
    t.equal(await house.recover(actorOf(approvedBy)), open, 'the next run completes them');
    for await (const results of campaign(house, roster)) again.push(...results);
  });
  t.equal(again.length, ROWS);
  t.ok(again.every(({ outcome }) => outcome === 'issued' || outcome === 'was-issued'));
  t.equal((await count('certificate')) - before, ROWS, 'nothing twice, and nothing left out');
  t.equal(await count('certificate'), await count('issuance_intent'));
  for (const result of first)
    t.ok('serialNumber' in result && has(again, result.serialNumber), 'none was lost');
  for await (const { code, subject } of checkRecords(new PgRecords(database))) t.fail(`${code} ${subject}`);
});

t.test('rows of one key and of one holder, in batches that are under way together', async (t) => {
  const folder = temporaryFolder(t);
  const { url } = await createTestDatabase(t);
  const args = ['--database-url', url, '--data-dir', folder, '--public-url', 'http://mohr.test'];
  const read = readSettings(args, {});
  if (read.faults) throw new Error(read.faults.join());
  const { settings } = read;
  const opened = await openDatabase(settings);
  t.teardown(() => opened.close());
  const logger = pino({ level: 'silent' });
  const service = await openHouse({ ...settings, opened, crlLock: onlyProcess, clock: systemClock, logger });
  await service.close();
  const [first, second] = [await rosterRow(), await rosterRow()];
  const sameHolder = await rosterRow({ national_id: second['national_id'] });
  const roster = join(folder, 'roster.csv');
  writeFileSync(roster, csvOf([first, second, first, sameHolder]));
  const results: RowResult[] = [];
  await withCampaignHouse({ settings, clock: systemClock }, async (house) => {
    for await (const some of campaign(house, roster, 1)) results.push(...some);
  });
  t.strictSame(
    results.map(({ line }) => line),
    [2, 3, 4, 5],
  );
  const [one, two, again, other] = results;
  t.match(
    [one, two, other],
    [{ outcome: 'issued' }, { outcome: 'issued' }, { outcome: 'refused', code: 'holder-has-certificate' }],
  );
  // Which it is depends on how far the first one has come; a second certificate it never is.
  if (again.outcome === 'refused') t.ok(['request-repeated', 'key-reused'].includes(again.code), again.code);
  else t.match(again, { outcome: 'was-issued', application: 'application' in one && one.application });
  const { database } = service.stores;
  const [{ n }] = await database.query<{ n: number }>({
    text: `select count(*)::int as n from certificate where origin like 'application:%'`,
  });
  t.equal(n, 2);
  for await (const { code, subject } of checkRecords(new PgRecords(database))) t.fail(`${code} ${subject}`);
});

t.test('results onto a full disk end the campaign with a refusal', async (t) => {
  // /dev/full answers each write as a disk does that is full.
  const script = `
    import { Reporter } from './cli/campaign/reporter.ts';
    const reporter = new Reporter({ name: 'x', results: process.stdout, progress: process.stderr, clock: { now: () => new Date(0) } });
    await reporter.write([{ outcome: 'issued' }]).catch((error) => process.stderr.write(error.code + error.detail));`;
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, ['--import', 'tsx', '--eval', script], {
    stdio: ['ignore', full, 'pipe'],
  });
  let told = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (told += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  t.equal(code, 0, 'it is caught');
  t.match(told, /results-unwritable.*ENOSPC/);
});

t.test('what the reporter wrote is written when it says so', async (t) => {
  const written: string[] = [];
  const { Writable } = await import('node:stream');
  const write = (chunk: Buffer, _encoding: string, done: () => void) => (
    written.push(chunk.toString()),
    done()
  );
  const [results, progress] = [
    new Writable({ write }),
    new Writable({ write: (_chunk, _encoding, done) => done() }),
  ];
  const reporter = new Reporter({ name: 'x', results, progress, clock: systemClock });
  await reporter.write([{ outcome: 'issued' }, { outcome: 'refused' }]);
  t.strictSame(written, ['{"outcome":"issued"}\n{"outcome":"refused"}\n']);
  t.strictSame(reporter.end(), { issued: 1, refused: 1 });
});

t.test(
  'a ceremony on a full disk leaves nothing that it wrote',
  { skip: NO_TINY_DISK ?? false },
  async (t) => {
    const disk = tinyDisk(t, 1);
    const files = new CeremonyFiles(join(disk.folder, 'act.yaml'), '.');
    const outputs = [
      { name: 'act.transcript.json', contents: Buffer.alloc(1000) },
      { name: 'root.pem', contents: Buffer.alloc(100_000) },
    ];
    disk.fill();
    await t.rejects(files.write(outputs), { code: 'file-unwritable', detail: /ENOSPC/ });
    t.strictSame(readdirSync(disk.folder), ['filler']);
    disk.empty();
    writeFileSync(join(disk.folder, 'root.pem'), 'another');
    await t.rejects(files.write(outputs), { code: 'file-exists' });
    t.strictSame(readdirSync(disk.folder), ['root.pem'], 'what was there before stays');
  },
);

async function* campaign(house: CampaignHouse, roster: string, batchSize = 10) {
  const { chunks, format } = await openRosterFile(roster);
  const rows = readRoster(chunks, { format, required: [...ROSTER_COLUMNS] });
  const authorityId = await house.authorityFor('signing-phone');
  const terms = { ...(await officersOf(house)), campaign: 'test', profileId: 'signing-phone', authorityId };
  yield* issueRoster(rows, { house, terms, dryRun: false, batchSize });
}

async function officersOf(house: CampaignHouse) {
  const all = await house.transactions.transaction((tx) => house.officers.listOfficers(tx));
  const officer = (role: Role): Officer => all.find(({ roles }) => roles.includes(role))!;
  return { filedBy: officer('clerk'), approvedBy: officer('approving-officer') };
}

function has(results: readonly RowResult[], serialNumber: string): boolean {
  return results.some((result) => 'serialNumber' in result && result.serialNumber === serialNumber);
}
