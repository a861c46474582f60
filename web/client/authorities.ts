import { useQuery } from '@tanstack/react-query';

import { request } from './request.ts';
import type { Authority, Page } from './types.ts';

export function useAuthorities() {
  return useQuery({
    queryKey: ['authorities'],
    queryFn: ({ signal }) => request<Page<Authority>>('GET', '/authorities', { signal }),
    staleTime: 600_000,
  });
}

/** Profiles that no applicant files for. */
const HOUSE_PROFILES = ['root', 'intermediate', 'ocsp-responder', 'officer', 'time-stamping', 'seal'];
/** What is asked for most stands first. */
const FIRST = 'signing-phone';

/** The kinds of certificates that are issued to holders. */
export function holderProfiles(authorities: readonly Authority[]): string[] {
  const offered = new Set(authorities.flatMap(({ profiles }) => profiles));
  return [...offered]
    .filter((profile) => !HOUSE_PROFILES.includes(profile))
    .sort((a, b) => Number(b === FIRST) - Number(a === FIRST) || a.localeCompare(b));
}
