import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import t from 'tap';
import type { Test } from 'tap';

import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open-embedded.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The last one before approvals were signed. */
const LAST_BEFORE = '0016';

t.test('what was approved before approvals were signed', async (t) => {
  await t.test('on PGlite', async (part) => {
    await upgrade(part, await openPool(await PGlite.create(), async () => undefined));
  });
  await t.test('on PostgreSQL', async (part) => {
    await upgrade(part, await openPostgres((await createTestDatabase(part)).url));
  });
});

async function upgrade(t: Test, { pool, close }: OpenedPool): Promise<void> {
  const former = join(temporaryFolder(t), 'migrations');
  mkdirSync(former);
  for (const name of readdirSync(MIGRATIONS))
    if (name.slice(0, 4) <= LAST_BEFORE) copyFileSync(join(MIGRATIONS, name), join(former, name));
  try {
    await migrate(pool, former);
    await pool.query(DEPLOYMENT);
    await migrate(pool, MIGRATIONS);
    const { rows } =
      await pool.query(`select a.profile_id as name, a.state, a.version, e.kind, e.filed_by <> e.approved_by as two
      from application a left join approval_exemption e on e.application_id = a.id order by 1`);
    t.strictSame(rows, [
      { name: 'approved', state: 'submitted', version: 3, kind: null, two: null },
      { name: 'intended', state: 'approved', version: 2, kind: 'before-approvals', two: true },
      { name: 'issued', state: 'issued', version: 2, kind: 'before-approvals', two: true },
      { name: 'submitted', state: 'submitted', version: 2, kind: null, two: null },
    ]);
    const sessions = await pool.query(
      `select method, last_seen_at = created_at as untouched from officer_session`,
    );
    t.strictSame(sessions.rows, [{ method: 'link', untouched: true }], 'who is signed in stays so');
  } finally {
    await close();
  }
}

/** Two officers, a session, and an application of each kind, named by its profile. */
const DEPLOYMENT = `
  insert into authority (id, assurance_level, certificate, crl_shards, created_at) values ('bronze', 1, '\\x00', 16, now());
  insert into office (id, kind, name, created_at) values ('00000000-0000-7000-8000-000000000001', 'notary', 'x', now());
  insert into officer (id, office_id, name, roles, created_at)
    select ('00000000-0000-7000-8000-00000000000' || n)::uuid, '00000000-0000-7000-8000-000000000001', 'x', '{clerk}', now()
    from generate_series(2, 3) n;
  insert into officer_session (secret_sha256, officer_id, created_at, expires_at)
    values (sha256('x'), '00000000-0000-7000-8000-000000000002', now(), now() + interval '1 hour');
  insert into application (id, office_id, state, version, profile_id, authority_id, national_id, given_name, surname,
      latin_name, council_group, council_digits, certification_request, spki, spki_sha256, search_key, filed_by, filed_at,
      decided_by, decided_at)
    select gen_random_uuid(), '00000000-0000-7000-8000-000000000001', state, 2, name, 'bronze', '9990012342', 'x', 'x', 'x',
      'physician', '1', '\\x00', '\\x00', sha256(name::bytea), 'x', '00000000-0000-7000-8000-000000000002', now(),
      case when state <> 'submitted' then '00000000-0000-7000-8000-000000000003'::uuid end,
      case when state <> 'submitted' then now() end
    from (values ('submitted', 'submitted'), ('approved', 'approved'), ('intended', 'approved'), ('issued', 'issued')) v (name, state);
  insert into issuance_intent (authority_id, serial_number, tbs_certificate, spki_sha256, profile_id, profile_version, origin,
      intended_at)
    select 'bronze', decode('0102030405060708', 'hex'), '\\x00', sha256('x'), 'x', 1, 'application:' || id, now()
    from application where profile_id = 'intended';
`;
