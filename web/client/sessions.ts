import { useMutation, useQuery } from '@tanstack/react-query';

import { createPasskey, confirmWithPasskey } from './passkey-ceremony.ts';
import type { CreationOptions, RequestOptionsJson } from './passkey-ceremony.ts';
import { queryClient } from './queries.ts';
import { ProblemError } from './problem.ts';
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

async function signInByPasskey(): Promise<Session> {
  const { options } = await request<{ options: RequestOptionsJson }>('POST', '/session-challenges', {
    body: {},
    isSigningIn: true,
  });
  const passkey = await confirmWithPasskey(options);
  return request<Session>('POST', '/sessions', { body: { passkey }, isSigningIn: true });
}

export function useSignInByPasskey() {
  return useMutation({ mutationFn: signInByPasskey, onSuccess: signedIn });
}

/** Does what the service does minutes after a proof alone; where the proof is older, asks for another first. */
async function freshlyProved<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === 'proof-outdated')) throw error;
    const before = queryClient.getQueryData<Session>(SESSION);
    const officer = await signInByPasskey();
    signedIn(officer);
    // Another officer's passkey: what was asked for was not theirs to do.
    if (before && before.id !== officer.id) throw error;
    return act();
  }
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
      const { options } = await freshlyProved(() =>
        request<{ options: CreationOptions }>('POST', '/passkey-registrations', { body: {} }),
      );
      const response = await createPasskey(options);
      return request<Passkey>('POST', '/passkeys', { body: { name, response } });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: PASSKEYS }),
  });
}

export function useRemovePasskey() {
  return useMutation({
    mutationFn: (id: string) =>
      freshlyProved(() => request<void>('DELETE', `/passkeys/${encodeURIComponent(id)}`)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: PASSKEYS }),
  });
}

export interface OwnSession {
  id: string;
  isCurrent: boolean;
  method: Session['method'];
  createdAt: string;
  lastSeenAt: string;
  openedFrom?: string;
  userAgent?: string;
}

const OWN_SESSIONS = ['own-sessions'] as const;

export function useOwnSessions() {
  return useQuery({
    queryKey: OWN_SESSIONS,
    queryFn: ({ signal }) => request<{ items: OwnSession[] }>('GET', '/sessions', { signal }),
  });
}

/** One session of the officer, or all but this one. */
export function useEndOwnSessions() {
  return useMutation({
    mutationFn: (which: { id: string } | 'others') => {
      const path = which === 'others' ? '/sessions' : `/sessions/${encodeURIComponent(which.id)}`;
      return freshlyProved(() => request<void>('DELETE', path));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: OWN_SESSIONS }),
  });
}
