import { useMutation, useQuery } from '@tanstack/react-query';

import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type { Page, RelyingParty } from './types.ts';

const RELYING_PARTIES = ['relying-parties'] as const;

export function useRelyingParties() {
  return useQuery({
    queryKey: RELYING_PARTIES,
    queryFn: ({ signal }) => request<Page<RelyingParty>>('GET', '/relying-parties', { signal }),
  });
}

/** Refused, and read again, when somebody else has changed the party meanwhile. */
export function useChangeRelyingParty({ id, version }: RelyingParty) {
  return useMutation({
    mutationFn: (change: { mayHandInDigests: boolean }) =>
      request<RelyingParty>('PATCH', `/relying-parties/${id}`, { body: { version, ...change } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: RELYING_PARTIES }),
  });
}
