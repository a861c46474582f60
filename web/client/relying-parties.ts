import { useMutation, useQuery } from '@tanstack/react-query';

import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type { Page, RelyingParty, RelyingPartyCredential, RelyingPartyTerms } from './types.ts';

const RELYING_PARTIES = ['relying-parties'] as const;

export function useRelyingParties() {
  return useQuery({
    queryKey: RELYING_PARTIES,
    queryFn: ({ signal }) => request<Page<RelyingParty>>('GET', '/relying-parties', { signal }),
  });
}

/** Without a credential: it can ask for nothing until it has one. */
export function useRegisterRelyingParty() {
  return useMutation({
    mutationFn: (party: RelyingPartyTerms & { id: string; mayHandInDigests: boolean }) =>
      request<RelyingParty>('POST', '/relying-parties', { body: party }),
    onSuccess: readAgain,
  });
}

/** Refused when somebody else has changed the party meanwhile; read again in either case. */
export function useChangeRelyingParty({ id, version }: RelyingParty) {
  return useMutation({
    mutationFn: (change: Partial<RelyingPartyTerms> & { mayHandInDigests?: boolean; isDisabled?: boolean }) =>
      request<RelyingParty>('PATCH', `/relying-parties/${id}`, { body: { version, ...change } }),
    onSettled: readAgain,
  });
}

export type CredentialInput = { jwk: Record<string, unknown> } | { certificate: string };

export function useAddRelyingPartyCredential(id: string) {
  return useMutation({
    mutationFn: (credential: CredentialInput) =>
      request<RelyingParty>('POST', `/relying-parties/${id}/credentials`, { body: credential }),
    onSuccess: readAgain,
  });
}

export function useRemoveRelyingPartyCredential(id: string) {
  return useMutation({
    mutationFn: ({ kind, keyId }: RelyingPartyCredential) =>
      request<void>('DELETE', `/relying-parties/${id}/credentials/${kind}/${keyId}`),
    onSuccess: readAgain,
  });
}

function readAgain() {
  return queryClient.invalidateQueries({ queryKey: RELYING_PARTIES });
}
