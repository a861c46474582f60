import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';

import { askRegisters } from '../../client/applications.ts';
import type { Inquiry } from '../../client/applications.ts';
import type { ApplicationDraft } from './application-draft.ts';
import { checkDraft, isApplicantComplete } from './check-draft.ts';

/** Nobody is asked while the clerk still types: each inquiry is recorded. */
const REST_MILLISECONDS = 900;

/** The registers' answers about the applicant as typed; asked once for each set of entries. */
export function useLiveRegisters(draft: ApplicationDraft) {
  const inquiry = inquiryOf(draft);
  const [rested] = useDebouncedValue(JSON.stringify(inquiry ?? null), REST_MILLISECONDS);
  const isRested = rested === JSON.stringify(inquiry ?? null);
  const query = useQuery({
    queryKey: ['register-checks', rested],
    queryFn: ({ signal }) => askRegisters(JSON.parse(rested) as Inquiry, signal),
    enabled: inquiry !== undefined && isRested,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  return { query, isReady: inquiry !== undefined };
}

/** The claims of a draft; undefined until the applicant is complete. */
export function inquiryOf(draft: ApplicationDraft): Inquiry | undefined {
  if (!isApplicantComplete(checkDraft(draft))) return undefined;
  const { birthDate, mobile } = draft;
  return {
    applicant: applicantOf(draft),
    ...(birthDate !== '' && { birthDate }),
    ...(mobile !== '' && { mobile }),
  };
}

export function applicantOf(draft: ApplicationDraft): Inquiry['applicant'] {
  return {
    nationalId: draft.nationalId,
    givenName: draft.givenName,
    surname: draft.surname,
    latinName: draft.latinName,
    councilNumber: { group: draft.councilGroup, digits: draft.councilDigits },
  };
}
