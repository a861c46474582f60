import { parseCouncilNumber } from '../../../core/council-number.ts';
import { DomainError } from '../../../core/errors.ts';
import { parseNationalId } from '../../../core/national-id.ts';
import { parseLatinName, parsePersianName } from '../../../ra/applicant-names.ts';
import type { TextKey } from '../../i18n/catalogue.ts';
import { isCertificationRequest } from './certification-request-text.ts';
import type { ApplicationDraft, DraftField } from './application-draft.ts';

/** What is wrong with each field, as the text that says how to mend it. */
export type DraftFaults = Partial<Record<DraftField, TextKey>>;

type Check = (draft: ApplicationDraft) => unknown;

/** The service's own rules, in the order of the fields. */
const CHECKS: readonly [field: DraftField, check: Check][] = [
  ['nationalId', ({ nationalId }) => parseNationalId(nationalId)],
  [
    'councilDigits',
    ({ councilGroup, councilDigits }) => parseCouncilNumber(numberOf(councilGroup, councilDigits)),
  ],
  ['givenName', ({ givenName }) => parsePersianName(givenName, 'given name')],
  ['surname', ({ surname }) => parsePersianName(surname, 'surname')],
  ['latinName', ({ latinName }) => parseLatinName(latinName)],
];

const APPLICANT_FIELDS: readonly DraftField[] = CHECKS.map(([field]) => field);
const REQUIRED: readonly DraftField[] = [...APPLICANT_FIELDS, 'profile'];

/** Every fault of a draft, in the order of the form. */
export function checkDraft(draft: ApplicationDraft): DraftFaults {
  const faults: DraftFaults = {};
  for (const [field, check] of CHECKS) {
    const fault = faultOf(check, draft);
    if (fault) faults[field] = fault;
  }
  if (draft.mobile !== '' && !isMobile(draft.mobile)) faults.mobile = 'file.mobile-malformed';
  // A phone makes its key after the approval, a card after this form.
  const required = draft.delivery === 'request' ? [...REQUIRED, 'certificationRequest' as const] : REQUIRED;
  if (
    draft.delivery !== 'phone' &&
    draft.certificationRequest !== '' &&
    !isCertificationRequest(draft.certificationRequest)
  )
    faults.certificationRequest = 'file.request-bad';
  for (const field of required) if (draft[field].trim() === '') faults[field] = 'file.required';
  return faults;
}

/** Whether the registers can be asked: the applicant is complete, and nothing that they are asked of is wrong. */
export function isApplicantComplete(faults: DraftFaults): boolean {
  return [...APPLICANT_FIELDS, 'mobile' as const].every((field) => faults[field] === undefined);
}

function faultOf(check: Check, draft: ApplicationDraft): TextKey | undefined {
  try {
    check(draft);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return `problem.${error.code}` as TextKey;
    throw error;
  }
}

function numberOf(group: string, digits: string) {
  return { group, digits };
}

function isMobile(text: string): boolean {
  return /^09[0-9]{9}$/.test(text);
}
