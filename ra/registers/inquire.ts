import { parseApplicant } from '../applicant-input.ts';
import type { ApplicantInput } from '../applicant-input.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { askRegisters } from './ask-registers.ts';
import type { RegisterHouse } from './ask-registers.ts';
import { CHECK_ROLES } from './check-application.ts';
import type { RegisterAnswer } from './register-answer-store.ts';

export interface Inquiry {
  applicant: ApplicantInput;
  /** `yyyy-mm-dd`, Gregorian. */
  birthDate?: string;
  /** Eleven ASCII digits: `09…`; with it, Shahkar is asked too. */
  mobile?: string;
}

/**
 * A clerk asks the registers while typing, before there is a case. Recorded as the officer's inquiry, so that nobody looks people
 * up unseen; it does not count for an application, which is checked when it is filed.
 */
export async function inquire(
  house: RegisterHouse,
  officer: Officer,
  inquiry: Inquiry,
): Promise<RegisterAnswer[]> {
  assertRole(officer, CHECK_ROLES);
  const { nationalId, givenName, surname, councilNumber } = parseApplicant(inquiry.applicant);
  const { birthDate, mobile } = inquiry;
  const person = { nationalId, givenName, surname };
  return askRegisters(house, actorOf(officer), `inquiry-of-officer:${officer.id}`, {
    'medical-council': { ...person, councilNumber },
    'civil-registry': { ...person, ...(birthDate !== undefined && { birthDate }) },
    ...(mobile !== undefined && { shahkar: { nationalId, mobile } }),
  });
}
