import { parseCouncilNumber } from '../core/council-number.ts';
import { parseNationalId } from '../core/national-id.ts';
import { parseLatinName, parsePersianName } from './applicant-names.ts';
import type { Applicant } from './application.ts';

/** What a clerk types: not checked yet. */
export interface ApplicantInput {
  nationalId: string;
  givenName: string;
  surname: string;
  latinName: string;
  councilNumber: { group: string; digits: string };
}

/** Checks and normalises once; afterwards an Applicant is what it says. */
export function parseApplicant(input: ApplicantInput): Applicant {
  return {
    nationalId: parseNationalId(input.nationalId),
    givenName: parsePersianName(input.givenName, 'given name'),
    surname: parsePersianName(input.surname, 'surname'),
    latinName: parseLatinName(input.latinName),
    councilNumber: parseCouncilNumber(input.councilNumber),
  };
}
