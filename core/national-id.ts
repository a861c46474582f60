import type { CoreErrorCode } from './core-error.ts';
import { isAsciiDigits, toAsciiDigits } from './digits.ts';
import { DomainError } from './errors.ts';
import type { Id } from './id.ts';

// Refusals never repeat the number: it is personal data, and details reach screens and logs.

/** A natural person's national id: ten ASCII digits whose check digit is right. */
export type NationalId = Id<'national-id'>;

/** How many synthetic ids the unallocated prefix 999 holds; 9999999999 is none, as ten equal digits are invalid. */
const syntheticNationalIdsMax = 999_999;

const idLength = 10;
const importedLengthMin = 8;
const syntheticPrefix = '999';

/** Reads ten ASCII or Persian digits; refuses with `national-id-malformed` or `national-id-checksum`. */
export function parseNationalId(text: string): NationalId {
  // The length comes first, so that no input makes us copy more than ten characters.
  if (text.length !== idLength) throw malformed(`has ${text.length} characters, not ${idLength}`);
  const digits = toAsciiDigits(text);
  if (!isAsciiDigits(digits)) throw malformed('has characters other than digits');
  // Ten equal digits satisfy the check digit, and are invalid by rule.
  if (digits === digits.charAt(0).repeat(idLength)) throw malformed('consists of ten equal digits');
  if (digits.charAt(9) !== checkDigit(digits)) {
    throw new DomainError<CoreErrorCode>('national-id-checksum', 'the national id has a wrong check digit');
  }
  return digits as NationalId;
}

/** Reads a national id from a file that may have lost one or two leading zeros (8–10 digits); refuses as `parseNationalId`. */
export function padImportedNationalId(text: string): NationalId {
  if (text.length < importedLengthMin || text.length > idLength) {
    throw malformed(`has ${text.length} characters, not ${importedLengthMin} to ${idLength}`);
  }
  return parseNationalId(text.padStart(idLength, '0'));
}

/** Shows the first three and the last two digits: `999*****12`. */
export function maskNationalId(id: NationalId): string {
  return `${id.slice(0, 3)}*****${id.slice(-2)}`;
}

/** The valid id number `seed` (0 ≤ seed < 999,999) of the prefix 999, which no living person has; each seed gives another id. */
export function syntheticNationalId(seed: number): NationalId {
  if (!Number.isInteger(seed) || seed < 0 || seed >= syntheticNationalIdsMax) {
    throw new RangeError(`seed ${seed} is not an integer from 0 to ${syntheticNationalIdsMax - 1}`);
  }
  const digits = syntheticPrefix + String(seed).padStart(6, '0');
  return (digits + checkDigit(digits)) as NationalId;
}

/** The check digit of the first nine digits: r = Σ d[i]·(10−i) mod 11; r below 2 stands for itself, else 11 − r. */
function checkDigit(digits: string): string {
  let sum = 0;
  for (let index = 0; index < 9; index++) sum += (digits.charCodeAt(index) - 0x30) * (10 - index);
  const remainder = sum % 11;
  return String(remainder < 2 ? remainder : 11 - remainder);
}

function malformed(fault: string): DomainError<CoreErrorCode> {
  return new DomainError<CoreErrorCode>('national-id-malformed', `the national id ${fault}`);
}
