import t from 'tap';

import { seedDatabase } from '../../bench/seed/seed-database.ts';
import { SEED_PROFILES, seedOffice, seedRow } from '../../bench/seed/seed-plan.ts';
import { assertSeedable } from '../../bench/seed/seedable-database.ts';
import { seed, seedDeployment } from '../../cli/bench/seed.ts';
import { withCampaignHouse } from '../../cli/campaign/campaign-house.ts';
import { fsck } from '../../cli/fsck/fsck.ts';
import { withStores } from '../../cli/open-database.ts';
import { readSettings } from '../../cli/settings.ts';
import type { Settings } from '../../cli/settings.ts';
import { systemClock } from '../../core/clock.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const COUNTS = `select (select count(*)::int from application where state = 'issued') as applications,
  (select count(*)::int from certificate where origin like 'application:%') as certificates,
  (select count(distinct national_id)::int from application) as holders,
  (select count(*)::int from status_change where event = 'revoked') as revoked,
  (select count(*)::int from status_change where event = 'held') as held,
  (select count(*)::int from audit_event e where not exists
    (select from audit_leaf l where l.event_id = e.id)) as "withoutLeaf"`;

const databases = { PGlite: async () => undefined, PostgreSQL: createTestDatabase };

for (const [name, create] of Object.entries(databases))
  t.test(`fills ${name}, goes on where a run was stopped, and nothing is wrong with it`, async (t) => {
    const url = (await create(t, undefined))?.url;
    const args = ['--data-dir', temporaryFolder(t), '--public-url', 'http://mohr.test'];
    if (url) args.push('--database-url', url);
    const settings = settingsOf(args);
    await assertSeedable(settings);
    await seedDeployment(settings, 20, () => undefined);
    await withCampaignHouse({ settings, clock: systemClock }, async (house) => {
      // The batch that is under way then meets a database that is being closed.
      for await (const { issued } of seedDatabase(house, 900)) if (issued > 0) break;
    });
    const { progress } = await seedDeployment(settings, 430, () => undefined);
    t.match(progress, { certificates: 430, offices: 1 });
    t.equal(await seed(['--count', '430', ...args]), 0, 'nothing is left to do');
    t.equal(await fsck(args), 0);
    await withStores(settings, async ({ database }) => {
      const [counts] = await database.query({ text: COUNTS });
      const rows = Array.from({ length: 430 }, (_, place) => seedRow(place));
      const of = (event: string) => rows.filter(({ status }) => status?.event === event).length;
      const [revoked, held] = [of('revoked'), of('held')];
      t.ok(revoked > 0 && held > 0);
      t.same(counts, { applications: 430, certificates: 430, holders: 144, revoked, held, withoutLeaf: 0 });
    });
  });

t.test('leaves a database alone that is not its own', async (t) => {
  const { url } = await createTestDatabase(t, undefined);
  const settings = settingsOf(['--database-url', url, '--data-dir', temporaryFolder(t)]);
  const { pool, close } = await openPostgres(url);
  t.teardown(close);
  await pool.query('create table something_else (id integer)');
  await t.rejects(assertSeedable(settings), { code: 'seed-refused' });
  await pool.query('create table audit_event (action text, subject text)');
  await pool.query('create table authority (id text)');
  await t.resolves(assertSeedable(settings), 'a hierarchy is yet to be made');
  await pool.query(`insert into authority values ('bronze')`);
  await t.rejects(assertSeedable(settings), { code: 'seed-refused' });
  const args = ['--count', '1', '--database-url', url, '--data-dir', settings.dataDirectory];
  await t.rejects(seed(args), { code: 'seed-refused' });
  await pool.query(`insert into audit_event values ('begin-campaign', 'campaign:bench-seed')`);
  await t.resolves(assertSeedable(settings));
});

t.test('says the same of a row each time', async (t) => {
  t.same(seedRow(4321), seedRow(4321));
  t.same(
    [0, 1, 2, 3].map((place) => seedRow(place).profileId),
    [...SEED_PROFILES, SEED_PROFILES[0]],
  );
  t.equal(seedRow(0).applicant.nationalId, seedRow(2).applicant.nationalId);
  t.not(seedRow(2).applicant.nationalId, seedRow(3).applicant.nationalId);
  t.same([seedOffice(1799), seedOffice(1800)], [0, 1]);
  await t.rejects(seed(['--count', 'many']), { code: 'usage' });
});

function settingsOf(args: string[]): Settings {
  const outcome = readSettings(args, {});
  if (outcome.faults) throw new Error(outcome.faults.join('; '));
  return outcome.settings;
}
