import { searchKey } from '../core/persian-text.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { syntheticPerson } from './seed/synthetic-person.ts';

type Pool = OpenedPool['pool'];

/** How many of each the search is measured among. */
export interface SearchSize {
  holders: number;
  certificates: number;
  offices: number;
}

/** People of one statement. */
const BATCH = 5_000;

/**
 * Fills a migrated, empty database with people and their certificates, past checks and triggers. DER of the size that certificates
 * have; what stands in it is of no interest here.
 */
export async function fillSearch(pool: Pool, { holders, certificates, offices }: SearchSize): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query(`insert into authority (id, assurance_level, certificate, crl_shards, created_at)
      values ('bronze', 1, '\\x00', 16, now()), ('silver', 2, '\\x01', 16, now())`);
    await client.query(`insert into office (id, kind, name, created_at)
      select md5('office' || n)::uuid, 'medical-council', 'office ' || n, now() from generate_series(1, ${offices}) n`);
    await client.query('drop index holder_by_name_part');
    for (let first = 0; first < holders; first += BATCH)
      await client.query(peopleOf(first, Math.min(BATCH, holders - first)));
    await client.query(`create index holder_by_name_part on holder using gin (name_parts(search_key))`);
    await client.query('alter index holder_by_name_part alter column 1 set statistics 500');
    await client.query(
      'create temporary table numbered on commit drop as select *, row_number() over () - 1 as n from holder',
    );
    await client.query('alter table numbered add primary key (n)');
    for (const text of statementsOf({ holders, certificates, offices })) await client.query(text);
    await client.query('commit');
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  } finally {
    client.release();
  }
}

function peopleOf(first: number, count: number) {
  const people = Array.from({ length: count }, (_, index) => personOf(first + index));
  const columns = people[0].map((_, column) => people.map((person) => person[column]));
  return {
    text: `insert into holder (national_id, given_name, surname, latin_name, council_group, council_digits, search_key)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])`,
    values: columns,
  };
}

function personOf(seed: number): string[] {
  const { nationalId, givenName, surname, latinName, councilNumber } = syntheticPerson(seed);
  const key = searchKey(`${givenName} ${surname} ${latinName}`);
  return [nationalId, givenName, surname, latinName, councilNumber.group, councilNumber.digits, key];
}

/** Of row `n`: an id of version 7 in the order of time, a serial number that looks random, a minute of its own. */
const idOf = (n: string) =>
  `(lpad(to_hex(1700000000000 + ${n}::bigint * 60000), 12, '0') || '70008' || substring(md5('id' || ${n}) for 15))::uuid`;
const serialOf = (n: string) => `set_byte(decode(md5('serial' || ${n}), 'hex'), 0, 65)`;
const timeOf = (n: string) => `timestamptz '2023-11-15' + ${n} * interval '1 minute'`;
const authorityOf = (n: string) => `case when ${n} % 3 = 0 then 'silver' else 'bronze' end`;

function statementsOf({ holders, certificates, offices }: SearchSize): string[] {
  return [
    `insert into application (id, office_id, state, version, profile_id, authority_id, national_id, given_name, surname,
        latin_name, council_group, council_digits, certification_request, spki, spki_sha256, search_key, filed_by, filed_at,
        decided_by, decided_at)
      select ${idOf('c.n')}, md5('office' || (1 + h.n % ${offices}))::uuid, 'issued', 3, 'signing-phone', ${authorityOf('c.n')},
        national_id, given_name, surname, latin_name, council_group, council_digits, '', '', sha256(c.n::text::bytea),
        search_key, md5('clerk')::uuid, ${timeOf('c.n')}, md5('approver')::uuid, ${timeOf('c.n')}
      from generate_series(1, ${certificates}) c (n) join numbered h on h.n = (c.n * 7919::bigint) % ${holders}`,
    `insert into certificate (authority_id, serial_number, der, sha256, profile_id, origin, not_before, not_after, issued_at)
      select ${authorityOf('n')}, ${serialOf('n')}, decode(repeat(md5('der' || n), 70), 'hex'), sha256(('der' || n)::bytea),
        'signing-phone', 'application:' || ${idOf('n')}, ${timeOf('n')}, ${timeOf('n')} + interval '2 years', ${timeOf('n')}
      from generate_series(1, ${certificates}) n`,
    `insert into status_change (change_number, authority_id, serial_number, event, effective_at, requested_by)
      select n, ${authorityOf('n')}, ${serialOf('n')}, 'issued', ${timeOf('n')}, 'bench'
      from generate_series(1, ${certificates}) n`,
    `update status_counter set last_change_number = ${certificates}`,
  ];
}
