import { searchKey } from '../core/persian-text.ts';
import { syntheticNationalId } from '../core/national-id.ts';
import type { OpenedPool } from '../db/open-embedded.ts';

type Pool = OpenedPool['pool'];

/** How many of each the search is measured among. */
export interface SearchSize {
  holders: number;
  certificates: number;
  offices: number;
}

/** Names in both scripts; by the square of a random number the first ones are borne by many, as in life. */
const GIVEN_NAMES = [
  'محمد Mohammad|علی Ali|فاطمه Fatemeh|زهرا Zahra|حسین Hossein|مریم Maryam|رضا Reza|مهدی Mahdi|سارا Sara|امیر Amir',
  'شیرین Shirin|آرش Arash|نسرین Nasrin|بهرام Bahram|پریسا Parisa|کاوه Kaveh|مینا Mina|سهراب Sohrab|لیلا Leila|فرهاد Farhad',
  'نرگس Narges|پیمان Peyman|سیاوش Siavash|مهشید Mahshid|بابک Babak|هومن Hooman|شهره Shohreh|کیانوش Kianoush|ژاله Jaleh|پژمان Pejman',
].flatMap((line) => line.split('|').map((pair) => pair.split(' ')));

const ROOTS = [
  'محمد Mohammad|احمد Ahmad|رضا Reza|کریم Karim|رحیم Rahim|حسن Hasan|جعفر Jafar|موسی Mousa|صادق Sadegh|باقر Bagher',
  'فرهاد Farhad|بهرام Bahram|جمشید Jamshid|کیان Kian|مهر Mehr|پور Pour|شریف Sharif|نجف Najaf|قاسم Ghasem|یوسف Yousef',
  'اصفهان Esfahan|تبریز Tabriz|شیراز Shiraz|کاشان Kashan|گیلان Gilan|زنجان Zanjan|همدان Hamedan|کرمان Kerman|یزد Yazd|قزوین Ghazvin',
  'طهماسب Tahmasb|خسرو Khosrow|داراب Darab|اردشیر Ardeshir|شاپور Shapour|گودرز Goudarz|منوچهر Manouchehr|بیژن Bijan|رستم Rostam|سام Sam',
].flatMap((line) => line.split('|').map((pair) => pair.split(' ')));

const ENDINGS = [
  'ی i',
  '‌زاده zadeh',
  '‌پور pour',
  '‌نیا nia',
  'یان ian',
  '‌فر far',
  '‌نژاد nejad',
  '‌منش manesh',
].map((pair) => pair.split(' '));

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
  const random = fractions(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() ** 2 * items.length)];
  const [given, latinGiven] = pick(GIVEN_NAMES);
  const [[root, latinRoot], [ending, latinEnding]] = [pick(ROOTS), pick(ENDINGS)];
  const [surname, latinSurname] = [`${root}${ending}`, `${latinRoot}${latinEnding}`];
  // Every third has a double name, as many do.
  const [second, latinSecond] = seed % 3 === 0 ? pick(ROOTS) : [];
  const fullSurname = second ? `${surname} ${second}` : surname;
  const latinName = `${latinGiven} ${latinSurname}${latinSecond ? ` ${latinSecond}` : ''}`;
  const key = searchKey(`${given} ${fullSurname} ${latinName}`);
  return [syntheticNationalId(seed), given, fullSurname, latinName, 'physician', String(seed + 1), key];
}

/** The same numbers for the same seed: mulberry32 by Tommy Ettinger, in the public domain. */
function fractions(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
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
