import type { CoreErrorCode } from './core-error.ts';
import { isAsciiDigits, toAsciiDigits } from './digits.ts';
import { DomainError } from './errors.ts';

// The digits repeat from one membership group to the next: only the pair names a member.

/** A membership group of the Medical Council. */
export type MembershipGroup =
  | 'physician'
  | 'dentist'
  | 'pharmacist'
  | 'midwife'
  | 'laboratory-scientist'
  | 'physiotherapist'
  | 'nutritionist'
  | 'other';

/** A member's number: the group, and 1..10 ASCII digits without leading zeros. */
export type CouncilNumber = { readonly group: MembershipGroup; readonly digits: string };

/** The number of digits, leading zeros aside, that a group's numbers have. */
export type CouncilDigits = { readonly digitsMin: number; readonly digitsMax: number };

/** What a deployment accepts: a group that is missing here is refused. */
export type CouncilRules = ReadonlyMap<MembershipGroup, CouncilDigits>;

/** A group with its names, the professional title for Admission, its digits, and n of the profession OID `arc.4.n`. */
export type CouncilGroup = CouncilDigits & {
  readonly code: MembershipGroup;
  readonly english: string;
  readonly persian: string;
  readonly profession: string;
  readonly professionArc: number;
};

/** Every membership group, in the order of its profession OID. */
export const councilGroups: readonly CouncilGroup[] = [
  group(1, 'physician', 'Physician', 'پزشک', 'پزشک', 1, 6),
  group(2, 'dentist', 'Dentist', 'دندان‌پزشک', 'دندان‌پزشک', 1, 6),
  group(3, 'pharmacist', 'Pharmacist', 'داروساز', 'داروساز', 1, 6),
  group(4, 'midwife', 'Midwife', 'ماما', 'ماما', 1, 6),
  group(
    5,
    'laboratory-scientist',
    'Laboratory scientist',
    'علوم آزمایشگاهی',
    'کارشناس علوم آزمایشگاهی',
    1,
    6,
  ),
  group(6, 'physiotherapist', 'Physiotherapist', 'فیزیوتراپ', 'فیزیوتراپ', 1, 6),
  group(7, 'nutritionist', 'Nutritionist', 'کارشناس تغذیه', 'کارشناس تغذیه', 1, 6),
  group(8, 'other', 'Other', 'سایر', 'سایر حرفه‌های پزشکی', 1, 8),
];

/** The digits that each group of the table has. */
export const defaultCouncilRules: CouncilRules = new Map(councilGroups.map((entry) => [entry.code, entry]));

const groupByCode: ReadonlyMap<string, CouncilGroup> = new Map(
  councilGroups.map((entry) => [entry.code, entry]),
);

/** Width of `docId` in the social-security prescription API, and so the longest form that a number arrives in. */
const docIdLength = 10;

/**
 * Reads a group code and 1..10 ASCII or Persian digits, drops leading zeros, and checks the group's length; refuses with
 * `council-group-unknown` or `council-number-malformed`.
 */
export function parseCouncilNumber(
  input: { readonly group: string; readonly digits: string },
  rules: CouncilRules = defaultCouncilRules,
): CouncilNumber {
  const code = groupByCode.get(input.group)?.code;
  const accepted = code && rules.get(code);
  if (!code || !accepted) {
    throw new DomainError<CoreErrorCode>(
      'council-group-unknown',
      'the membership group is not one of the council',
    );
  }
  const digits = significantDigits(input.digits);
  if (digits === undefined)
    throw malformed(`the council number is not 1 to ${docIdLength} digits with one above zero`);
  const { digitsMin, digitsMax } = accepted;
  if (digits.length < digitsMin || digits.length > digitsMax) {
    throw malformed(
      `the council number has ${digits.length} digits; ${code} has ${digitsMin} to ${digitsMax}`,
    );
  }
  return { group: code, digits };
}

/** The table's entry of a group. */
export function councilGroup(code: MembershipGroup): CouncilGroup {
  const entry = groupByCode.get(code);
  if (!entry) throw new TypeError(`no membership group ${code}`);
  return entry;
}

/** The identifierValue of the SAN's permanentIdentifier (RFC 4043 §2): `<group>-<digits>`. */
export function formatPermanentIdentifier(number: CouncilNumber): string {
  return `${number.group}-${number.digits}`;
}

/** The form of the social-security prescription API: the digits, zero-padded to ten. */
export function councilDocId(number: CouncilNumber): string {
  return number.digits.padStart(docIdLength, '0');
}

/** True when both are the digits of one number, leading zeros and digit script aside; false when either is no number. */
export function sameCouncilDigits(a: string, b: string): boolean {
  const digits = significantDigits(a);
  return digits !== undefined && digits === significantDigits(b);
}

function significantDigits(text: string): string | undefined {
  if (text.length > docIdLength) return undefined;
  const digits = toAsciiDigits(text);
  if (!isAsciiDigits(digits)) return undefined;
  const significant = digits.replace(/^0+/, '');
  return significant === '' ? undefined : significant;
}

function group(
  professionArc: number,
  code: MembershipGroup,
  english: string,
  persian: string,
  profession: string,
  digitsMin: number,
  digitsMax: number,
): CouncilGroup {
  return { code, english, persian, profession, professionArc, digitsMin, digitsMax };
}

function malformed(detail: string): DomainError<CoreErrorCode> {
  return new DomainError<CoreErrorCode>('council-number-malformed', detail);
}
