import type { DraftContent } from '../../client/types.ts';
import { EMPTY_DRAFT } from './application-draft.ts';
import type { ApplicationDraft } from './application-draft.ts';

/** What the service keeps of a form; what nobody has typed yet is left out. */
export function contentOf(draft: ApplicationDraft): DraftContent {
  const { nationalId, givenName, surname, latinName, councilGroup, councilDigits } = draft;
  const applicant = {
    ...given({ nationalId, givenName, surname, latinName }),
    ...(councilDigits !== '' && { councilNumber: { group: councilGroup, digits: councilDigits } }),
  };
  const { delivery } = draft;
  return {
    ...((delivery === 'card' || delivery === 'request') && { delivery }),
    ...given({ profile: draft.profile, certificationRequest: draft.certificationRequest }),
    ...(Object.keys(applicant).length > 0 && { applicant }),
  };
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
