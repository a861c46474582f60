import { useMutation, useQuery } from '@tanstack/react-query';

import { createPasskey, confirmWithPasskey } from './passkey-ceremony.ts';
import type { CreationOptions, RequestOptionsJson } from './passkey-ceremony.ts';
import { queryClient } from './queries.ts';
import { request } from './request.ts';
import { noteSignedIn } from './session-lost.ts';
import type { Session } from './types.ts';

const SESSION = ['session'] as const;

export function useSession() {
  return useQuery({
    queryKey: SESSION,
    queryFn: ({ signal }) => request<Session>('GET', '/sessions/current', { signal, isSigningIn: true }),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}

function signedIn(officer: Session): void {
  const before = queryClient.getQueryData<Session>(SESSION);
  // Another officer at the same desk sees nothing that was fetched for the one before.
  if (before && before.id !== officer.id) queryClient.clear();
  queryClient.setQueryData(SESSION, officer);
  noteSignedIn();
}

export function useSignInByLink() {
  return useMutation({
    mutationFn: (loginLink: string) =>
      request<Session>('POST', '/sessions', { body: { loginLink }, isSigningIn: true }),
    onSuccess: signedIn,
  });
}

export function useSignInByPasskey() {
  return useMutation({
    mutationFn: async () => {
      const { options } = await request<{ options: RequestOptionsJson }>('POST', '/session-challenges', {
        body: {},
        isSigningIn: true,
      });
      const passkey = await confirmWithPasskey(options);
      return request<Session>('POST', '/sessions', { body: { passkey }, isSigningIn: true });
    },
    onSuccess: signedIn,
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => request<void>('DELETE', '/sessions/current', { isSigningIn: true }),
    // Whether or not the service heard it: this computer forgets.
    onSettled: () => {
      queryClient.clear();
      window.location.assign('/sign-in');
    },
  });
}

export interface Passkey {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt?: string;
}

const PASSKEYS = ['passkeys'] as const;

export function usePasskeys() {
  return useQuery({
    queryKey: PASSKEYS,
    queryFn: ({ signal }) => request<{ items: Passkey[] }>('GET', '/passkeys', { signal }),
  });
}

export function useEnrolPasskey() {
  return useMutation({
    mutationFn: async (name: string) => {
      const { options } = await request<{ options: CreationOptions }>('POST', '/passkey-registrations', {
        body: {},
      });
      const response = await createPasskey(options);
      return request<Passkey>('POST', '/passkeys', { body: { name, response } });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: PASSKEYS }),
  });
}

export function useRemovePasskey() {
  return useMutation({
    mutationFn: (id: string) => request<void>('DELETE', `/passkeys/${encodeURIComponent(id)}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: PASSKEYS }),
  });
}
