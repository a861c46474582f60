import { parseCouncilNumber } from '../../core/council-number.ts';
import type { CouncilNumber } from '../../core/council-number.ts';
import { parseNationalId, syntheticNationalId } from '../../core/national-id.ts';
import type { NationalId } from '../../core/national-id.ts';
import type { RegisterEntries } from '../../ra/registers/register.ts';
import { DOCTOR } from '../demo/doctor.ts';

/** What the development registers know of a synthetic person. */
export interface RegisteredPerson {
  nationalId: NationalId;
  givenName: string;
  surname: string;
  latinName: string;
  councilNumber: CouncilNumber;
  licence: RegisterEntries['medical-council']['licence'];
  /** `yyyy-mm-dd`, Gregorian. */
  birthDate: string;
  isAlive: boolean;
  mobile: string;
}

/** Ids of the prefix 999; each belongs to one synthetic doctor. */
export const SYNTHETIC_DOCTORS = 999_999;

const GIVEN_NAMES = [
  ['شیرین', 'Shirin'],
  ['آرش', 'Arash'],
  ['نسرین', 'Nasrin'],
  ['بهرام', 'Bahram'],
  ['پریسا', 'Parisa'],
  ['کاوه', 'Kaveh'],
  ['مینا', 'Mina'],
  ['سهراب', 'Sohrab'],
  ['لیلا', 'Leila'],
  ['فرهاد', 'Farhad'],
] as const;

/** Each says that nobody bears it. */
const SURNAMES = [
  ['آزمایشی', 'Azmayeshi'],
  ['آزمایشی‌فر', 'Azmayeshifar'],
  ['آزمایشی‌نیا', 'Azmayeshinia'],
  ['آزمایشی‌زاده', 'Azmayeshizadeh'],
  ['آزمایشی‌راد', 'Azmayeshirad'],
  ['آزمایشیان', 'Azmayeshian'],
  ['آزمایشی‌منش', 'Azmayeshimanesh'],
] as const;

/** Doctor number `seed` (0 ≤ seed < 999,999): always the same person, and no other has the id or the council number. */
export function syntheticDoctor(seed: number): RegisteredPerson {
  const [givenName, latinGivenName] = GIVEN_NAMES[seed % GIVEN_NAMES.length];
  const [surname, latinSurname] = SURNAMES[seed % SURNAMES.length];
  return {
    ...BASE,
    nationalId: syntheticNationalId(seed),
    givenName,
    surname,
    latinName: `${latinGivenName} ${latinSurname}`,
    councilNumber: { group: 'physician', digits: String(((seed + 999) % SYNTHETIC_DOCTORS) + 1) },
    birthDate: `${1950 + (seed % 45)}-${twoDigits((seed % 12) + 1)}-${twoDigits((seed % 28) + 1)}`,
    mobile: `0999${String(seed).padStart(7, '0')}`,
  };
}

/** The doctor whose id this is; undefined for an id of another prefix. */
export function syntheticDoctorOf(nationalId: NationalId): RegisteredPerson | undefined {
  return nationalId.startsWith('999') ? syntheticDoctor(Number(nationalId.slice(3, 9))) : undefined;
}

const BASE = { licence: 'active', isAlive: true } as const;

/** The doctors of README.md and of the demo. */
export const KNOWN_DOCTORS: readonly RegisteredPerson[] = [
  {
    ...BASE,
    nationalId: parseNationalId('9990012342'),
    givenName: 'شیرین',
    surname: 'آزمایشی',
    latinName: 'Shirin Azmayeshi',
    councilNumber: { group: 'physician', digits: '123456' },
    birthDate: '1985-03-21',
    mobile: '09990001234',
  },
  {
    ...BASE,
    ...DOCTOR,
    nationalId: parseNationalId(DOCTOR.nationalId),
    councilNumber: parseCouncilNumber(DOCTOR.councilNumber),
    birthDate: '1979-08-05',
    mobile: '09990001405',
  },
];

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
