import type { Database } from '../db/database.ts';

export interface Question {
  of: 'certificates' | 'holders';
  text: string;
  officeId?: string;
  /** The last application of the page before. */
  before?: string;
}

interface Person {
  national_id: string;
  given_name: string;
  surname: string;
  latin_name: string;
  council_digits: string;
  serial: string;
  office_id: string;
  application_id: string;
}

/** One question of a kind about one person, whoever they are: borne by many or by few, as names are. */
type Ask = (person: Person, turn: number) => Omit<Question, 'of'>;

/** Letters of a part of a name: three, four, five. */
const partLength = (turn: number) => 3 + (turn % 3);

const surnamePart = ({ surname }: Person, turn: number) => {
  const letters = Array.from(surname.replaceAll('‌', ''));
  const start = turn % Math.max(1, letters.length - partLength(turn) + 1);
  return letters
    .slice(start, start + partLength(turn))
    .join('')
    .trim();
};

const latinPart = ({ latin_name: name }: Person, turn: number) => {
  const [, surname] = name.split(' ');
  return surname.slice(turn % 2, (turn % 2) + partLength(turn));
};

const KINDS: Readonly<Record<string, Ask & { of?: 'holders' }>> = {
  name_fa: (person, turn) => ({ text: surnamePart(person, turn) }),
  name_latin: (person, turn) => ({ text: latinPart(person, turn) }),
  name_full: ({ given_name, surname }) => ({ text: `${given_name} ${surname}` }),
  name_two_parts: (person, turn) => ({ text: `${person.given_name} ${surnamePart(person, turn)}` }),
  name_two_letters: ({ surname }) => ({ text: surname.slice(0, 2) }),
  name_of_nobody: (person, turn) => ({ text: `${surnamePart(person, turn)}غژظ` }),
  next_page: (person, turn) => ({ text: surnamePart(person, turn), before: person.application_id }),
  own_office: (person, turn) => ({ text: surnamePart(person, turn), officeId: person.office_id }),
  council_number: ({ council_digits }) => ({ text: council_digits }),
  national_id: ({ national_id }) => ({ text: national_id }),
  serial: ({ serial }, turn) => ({ text: turn % 2 === 0 ? serial : serial.slice(0, 12) }),
  holders_fa: Object.assign<Ask, { of: 'holders' }>((person, turn) => ({ text: surnamePart(person, turn) }), {
    of: 'holders',
  }),
  holders_latin: Object.assign<Ask, { of: 'holders' }>(
    (person, turn) => ({ text: latinPart(person, turn) }),
    {
      of: 'holders',
    },
  ),
  holders_own_office: Object.assign<Ask, { of: 'holders' }>(
    (person, turn) => ({ text: surnamePart(person, turn), officeId: person.office_id }),
    { of: 'holders' },
  ),
};

/** Questions of each kind about people from all over the table; a first part of each list warms up. */
export async function searchQuestions(database: Database, count: number): Promise<Map<string, Question[]>> {
  const people = await database.query<Person>({
    text: `select h.national_id, h.given_name, h.surname, h.latin_name, h.council_digits, a.office_id,
        a.id as application_id, encode(c.serial_number, 'hex') as serial
      from (select * from application tablesample bernoulli (2) repeatable (1) order by md5(id::text) limit $1) a
      join holder h on h.national_id = a.national_id
      join certificate c on c.origin = 'application:' || a.id`,
    values: [count],
  });
  return new Map(
    Object.entries(KINDS).map(([kind, ask]) => [
      kind,
      people.map((person, turn) => ({ of: ask.of ?? 'certificates', ...ask(person, turn) })),
    ]),
  );
}
