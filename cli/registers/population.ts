import { readRoster } from '../../ca/campaign/roster.ts';
import type { RosterRow } from '../../ca/campaign/roster.ts';
import { parseCouncilNumber } from '../../core/council-number.ts';
import { DomainError } from '../../core/errors.ts';
import { padImportedNationalId } from '../../core/national-id.ts';
import type { NationalId } from '../../core/national-id.ts';
import { LICENCE_STATES } from '../../ra/registers/register.ts';
import { column } from '../campaign/roster-application.ts';
import { openRosterFile } from '../campaign/roster-file.ts';
import { KNOWN_DOCTORS, syntheticDoctorOf } from './registered-person.ts';
import type { RegisteredPerson } from './registered-person.ts';

const REQUIRED = ['national_id', 'given_name', 'surname', 'council_group', 'council_digits'];
/** The Medical Council has 285,000 members; a roster that is larger is the wrong file. */
const ROSTER_ROWS_MAX = 1_000_000;

/** Everybody whom the development registers know: those of rosters, and else all synthetic doctors. */
export class Population {
  readonly #persons = new Map<NationalId, RegisteredPerson>();

  constructor(persons: readonly RegisteredPerson[] = KNOWN_DOCTORS) {
    for (const person of persons) this.#persons.set(person.nationalId, person);
  }

  find(nationalId: NationalId): RegisteredPerson | undefined {
    return this.#persons.get(nationalId) ?? syntheticDoctorOf(nationalId);
  }

  put(person: RegisteredPerson): void {
    this.#persons.set(person.nationalId, person);
  }

  /**
   * Takes the persons of a .csv or .ndjson roster, all of them or none; returns their number. What a row does not say (Latin
   * name, licence, birth date, mobile) is made up. Throws DomainError `roster-refused` with the first wrong lines.
   */
  async importRoster(path: string): Promise<number> {
    const { format, chunks } = await openRosterFile(path);
    const persons: RegisteredPerson[] = [];
    const faults: string[] = [];
    for await (const row of readRoster(chunks, { format, required: REQUIRED })) {
      if (persons.length === ROSTER_ROWS_MAX)
        throw new DomainError('roster-refused', `${path} has more than ${ROSTER_ROWS_MAX} rows`);
      const person = personOf(row);
      if (typeof person === 'string') faults.push(person);
      else persons.push(person);
      if (faults.length === FAULTS_SHOWN_MAX) break;
    }
    if (faults.length > 0) throw new DomainError('roster-refused', `${path}: ${faults.join('; ')}`);
    for (const person of persons) this.put(person);
    return persons.length;
  }
}

const FAULTS_SHOWN_MAX = 10;

/** The person of a row, or what is wrong with it. */
function personOf(row: RosterRow): RegisteredPerson | string {
  try {
    if (row.fault) throw row.fault;
    return readPerson(row.values);
  } catch (error) {
    if (error instanceof DomainError) return `line ${row.line}: ${error.detail}`;
    throw error;
  }
}

function readPerson(values: Readonly<Record<string, string>>): RegisteredPerson {
  const nationalId = padImportedNationalId(column(values, 'national_id'));
  if (!nationalId.startsWith('999'))
    throw new DomainError(
      'roster-refused',
      'the national id is not of prefix 999: real people have no business here',
    );
  const councilNumber = parseCouncilNumber({
    group: column(values, 'council_group'),
    digits: column(values, 'council_digits'),
  });
  const licence = LICENCE_STATES.find((state) => state === (values['licence'] || 'active'));
  if (!licence)
    throw new DomainError('roster-refused', `the licence is none of ${LICENCE_STATES.join(', ')}`);
  const made = syntheticDoctorOf(nationalId)!;
  return {
    nationalId,
    givenName: column(values, 'given_name'),
    surname: column(values, 'surname'),
    latinName: values['latin_name'] || made.latinName,
    councilNumber,
    licence,
    birthDate: values['birth_date'] || made.birthDate,
    isAlive: values['is_alive'] !== 'no',
    mobile: values['mobile'] || made.mobile,
  };
}
