import { parseCouncilNumber } from '../core/council-number.ts';
import { parseNationalId } from '../core/national-id.ts';
import { foldPersian, isPersianName } from '../core/persian-text.ts';
import type { Applicant } from './application.ts';
import { RaError } from './ra-error.ts';

/** What a clerk types: not checked yet. */
export interface ApplicantInput {
  nationalId: string;
  givenName: string;
  surname: string;
  latinName: string;
  councilNumber: { group: string; digits: string };
}

/** Latin letters with the marks that transliterations use, without × and ÷ among them; ub-common-name less the longest suffix. */
const LATIN_NAME = /^(?!.*[×÷])[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f' .-]{1,46}$/;

/** Checks and normalises once; afterwards an Applicant is what it says. */
export function parseApplicant(input: ApplicantInput): Applicant {
  return {
    nationalId: parseNationalId(input.nationalId),
    givenName: persianName(input.givenName, 'given name'),
    surname: persianName(input.surname, 'surname'),
    latinName: latinName(input.latinName),
    councilNumber: parseCouncilNumber(input.councilNumber),
  };
}

function persianName(text: string, field: string): string {
  const folded = foldPersian(text);
  if (!isPersianName(folded))
    throw new RaError('name-not-persian', `the ${field} is not written in Persian letters`);
  return folded;
}

function latinName(text: string): string {
  const trimmed = text.normalize('NFC').trim().replace(/\s+/g, ' ');
  if (LATIN_NAME.test(trimmed)) return trimmed;
  throw new RaError(
    'latin-name-malformed',
    'the Latin name has 2 to 47 Latin letters, spaces, hyphens or dots',
  );
}
