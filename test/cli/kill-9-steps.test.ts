import t from 'tap';
import type { Test } from 'tap';

import { checkRecords } from '../../cli/fsck/check-records.ts';
import { Database } from '../../db/database.ts';
import { migrate } from '../../db/migrate.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { MortalProcess } from '../support/mortal-process.ts';
import type { MortalWork } from '../support/mortal-worker.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { copyPreparedKeys, postgresTemplate } from '../support/prepared-starts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// A process dies by kill -9 between any two commits of issuing, of revoking and of publishing a CRL: the numbered steps of
// docs/ARCHITECTURE.md. The next start completes what the dead one has begun, and fsck finds nothing.

/** More would be a loop. */
const COMMITS_MAX = 20;
/** What a death may leave for the next start, and what the work commits at the least. */
const WORKS: Record<MortalWork, { leaves: readonly string[]; commitsMin: number }> = {
  issue: { leaves: ['intent-open', 'application-open'], commitsMin: 4 },
  revoke: { leaves: [], commitsMin: 1 },
  'publish CRL': { leaves: [], commitsMin: 2 },
};

let deaths = 0;
let seed = 0;

for (const [work, { leaves, commitsMin }] of Object.entries(WORKS) as [
  MortalWork,
  (typeof WORKS)[MortalWork],
][])
  t.test(`kill -9 at each step: ${work}`, async (t) => {
    const { url, dataDirectory, pool } = await deployment(t);
    for (let diesAtCommit = 1; ; diesAtCommit += 1) {
      const worker = await MortalProcess.start({ url, dataDirectory, work, diesAtCommit, seed: (seed += 1) });
      t.strictSame(await findings(pool), [], 'what was left is complete');
      t.strictSame(await contradictions(pool), [], 'once, with its status and its events');
      const lived = await worker.live();
      const found = await findings(pool);
      const others = found.filter((code) => !leaves.includes(code));
      t.strictSame(others, [], `before commit ${diesAtCommit} it leaves ${found.join() || 'nothing'}`);
      if (lived) {
        t.ok(lived.commits >= commitsMin, `${lived.commits} commits`);
        break;
      }
      deaths += 1;
      if (diesAtCommit === COMMITS_MAX) throw new Error('it has no end');
    }
  });

t.teardown(() => t.comment(`${deaths} deaths, 0 lost`));

type Pool = OpenedPool['pool'];

/** One of its own for each work: every process enrols a passkey of the same officer, who may have ten. */
async function deployment(t: Test): Promise<{ url: string; dataDirectory: string; pool: Pool }> {
  const { url } = await createTestDatabase(t, postgresTemplate('first-start'));
  const dataDirectory = temporaryFolder(t);
  copyPreparedKeys('postgres', dataDirectory);
  const { pool, close } = await openPostgres(url);
  t.teardown(() => close());
  await migrate(pool, MIGRATIONS);
  return { url, dataDirectory, pool };
}

async function findings(pool: Pool): Promise<string[]> {
  const found: string[] = [];
  for await (const { code } of checkRecords(new PgRecords(new Database(pool)))) found.push(code);
  return found;
}

/** What fsck does not look at: newer CRLs that know less, and changes that have not exactly one event. */
async function contradictions(pool: Pool): Promise<object[]> {
  const { rows } = await pool.query<object>(`
    select 'two certificates' as what, origin as subject from certificate where origin like 'application:%'
      group by origin having count(*) > 1
    union all select 'CRL', c.scope || ' ' || c.crl_number from crl c where exists (select from crl o
      where o.authority_id = c.authority_id and o.scope = c.scope and o.crl_number > c.crl_number
        and o.last_change_number < c.last_change_number)
    union all select 'event', subject from (
      select 'certificate:' || authority_id || '/' || encode(serial_number, 'hex') as subject,
        count(*) filter (where event = 'revoked') as revoked from status_change group by 1) s
      where revoked <> (select count(*) from audit_event e where e.subject = s.subject
        and e.action = 'revoke-certificate' and e.outcome = 'accepted')`);
  return rows;
}
