import type { ApplicationInput, Delivery, DraftContent } from '../../client/types.ts';
import { EMPTY_DRAFT } from './application-draft.ts';
import type { ApplicationDraft } from './application-draft.ts';
import { applicantOf } from './use-live-registers.ts';

/** What the service keeps of a form; what nobody has typed yet is left out. */
export function contentOf(draft: ApplicationDraft): DraftContent {
  const { nationalId, givenName, surname, latinName, councilGroup, councilDigits } = draft;
  const applicant = {
    ...given({ nationalId, givenName, surname, latinName }),
    ...(councilDigits !== '' && { councilNumber: { group: councilGroup, digits: councilDigits } }),
  };
  return {
    ...given({ profile: draft.profile, ...(hasRequest(draft) && requestIn(draft)) }),
    ...(draft.delivery !== 'request' && { delivery: draft.delivery as Delivery }),
    ...(Object.keys(applicant).length > 0 && { applicant }),
  };
}

/** What is filed of a form without a fault. */
export function inputOf(draft: ApplicationDraft): ApplicationInput {
  return {
    profile: draft.profile,
    ...(draft.delivery !== 'request' && { delivery: draft.delivery as Delivery }),
    applicant: applicantOf(draft),
    ...(hasRequest(draft) && requestIn(draft)),
  };
}

/** A phone makes its key after the approval. */
function hasRequest({ delivery }: ApplicationDraft): boolean {
  return delivery !== 'phone';
}

function requestIn({ certificationRequest }: ApplicationDraft) {
  return { certificationRequest };
}

/** The form of what the service has kept. */
export function draftOf({
  profile,
  delivery,
  applicant = {},
  certificationRequest,
}: DraftContent): ApplicationDraft {
  const { councilNumber, ...names } = applicant;
  return {
    ...EMPTY_DRAFT,
    ...names,
    ...(councilNumber?.group !== undefined && { councilGroup: councilNumber.group }),
    ...(councilNumber?.digits !== undefined && { councilDigits: councilNumber.digits }),
    ...(profile !== undefined && { profile }),
    ...(delivery !== undefined && { delivery }),
    ...(certificationRequest !== undefined && { certificationRequest }),
  };
}

function given<T extends Record<string, string>>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== '')) as Partial<T>;
}
