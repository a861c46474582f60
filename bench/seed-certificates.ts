import type { OpenedPool } from '../db/open-embedded.ts';

type Pool = OpenedPool['pool'];

/**
 * Fills a database with copies of the one certificate that it holds, until there are so many: intent, certificate, status,
 * application and the three events of each, under other serial numbers, keys and holders. No checks run, and indexes that
 * serve no constraint are made at the end; what counts is the size that the next certificate meets.
 */
export async function seedCertificates(pool: Pool, certificates: number): Promise<void> {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(PLAIN_INDEXES);
    for (const { name } of indexes) await client.query(`drop index ${name}`);
    await client.query(seedTable(certificates));
    for (const insert of INSERTS) await client.query(insert);
    await client.query(
      'update status_counter set last_change_number = (select max(change_number) from status_change)',
    );
    for (const { definition } of indexes) await client.query(definition);
    await client.query('commit');
    await client.query('vacuum analyze');
    await client.query('checkpoint');
    failed = false;
  } finally {
    // With its open transaction, a connection is of no use to anybody.
    client.release(failed);
  }
}

const PLAIN_INDEXES = `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i
  where i.indrelid = any(array['issuance_intent', 'certificate', 'status_change', 'application', 'audit_event']::regclass[])
    and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`;

/** Serial numbers are positive and of full length; ids sort as random as a campaign's. */
function seedTable(certificates: number): string {
  return `create temporary table seed on commit drop as
    select n, set_byte(octets, 0, 64 | (get_byte(octets, 0) & 63)) as serial, sha256(octets) as key,
      md5('application' || n)::uuid as application
    from generate_series(1, ${certificates - 1}) n
    cross join lateral (select decode(md5(n::text), 'hex') as octets) hashed`;
}

/** Octets of the copy with the serial number of its own in the place of the copied one's. */
function withSerial(octets: string): string {
  return `overlay(${octets} placing s.serial from position(t.serial_number in ${octets}))`;
}

const INSERTS = [
  `insert into issuance_intent (authority_id, serial_number, tbs_certificate, spki_sha256, profile_id, profile_version,
      origin, intended_at, holder_slot, holder_turn)
    select t.authority_id, s.serial, ${withSerial('t.tbs_certificate')}, s.key, t.profile_id, t.profile_version,
      'application:' || s.application, t.intended_at, 'seed ' || s.n, 1
    from seed s cross join (select * from issuance_intent where holder_slot is not null limit 1) t`,
  `insert into certificate (authority_id, serial_number, der, sha256, profile_id, origin, not_before, not_after, issued_at)
    select t.authority_id, s.serial, ${withSerial('t.der')}, sha256(${withSerial('t.der')}), t.profile_id,
      'application:' || s.application, t.not_before, t.not_after, t.issued_at
    from seed s cross join (select * from certificate where origin like 'application:%' limit 1) t`,
  `insert into status_change (change_number, authority_id, serial_number, event, effective_at, requested_by)
    select c.last_change_number + s.n, t.authority_id, s.serial, 'issued', t.issued_at, 'application:' || s.application
    from seed s cross join status_counter c
    cross join (select * from certificate where origin like 'application:%' limit 1) t`,
  `insert into application (id, office_id, state, version, profile_id, authority_id, national_id, given_name, surname,
      latin_name, council_group, council_digits, certification_request, spki, spki_sha256, search_key, filed_by, filed_at,
      decided_by, decided_at, decision_note)
    select s.application, t.office_id, 'issued', 2, t.profile_id, t.authority_id, '999' || lpad((s.n % 1000000)::text, 7, '0'),
      t.given_name, t.surname, t.latin_name, t.council_group, s.n::text, t.certification_request, t.spki, s.key, t.search_key,
      t.filed_by, t.filed_at, t.decided_by, t.decided_at, t.decision_note
    from seed s cross join (select * from application limit 1) t`,
  // In the order in which they would have come: the same three actions for one after the other.
  `insert into audit_event (at, actor_kind, actor_id, office_id, action, outcome, subject, details)
    select t.at, t.actor_kind, t.actor_id, t.office_id, t.action, 'accepted',
      case when t.subject like 'certificate:%' then 'certificate:bronze/' || encode(s.serial, 'hex')
        else 'application:' || s.application end,
      t.details
    from seed s cross join (select distinct on (action) * from audit_event
      where action in ('approve-by-campaign', 'intend-certificate', 'issue-certificate')
      order by action, id desc) t
    order by s.n`,
];
