import { useMutation, useQuery } from '@tanstack/react-query';

import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type {
  Office,
  OfficeKind,
  OfficerChange,
  OfficerChangeInput,
  OfficerOfOffice,
  Page,
} from './types.ts';

const OFFICES = ['offices'] as const;
const OFFICERS = ['officers'] as const;
const CHANGES = ['officer-changes'] as const;

export function useOffices() {
  return useQuery({
    queryKey: OFFICES,
    queryFn: ({ signal }) => request<Page<Office>>('GET', '/offices', { signal }),
  });
}

export function useOpenOffice() {
  return useMutation({
    mutationFn: (office: { kind: OfficeKind; name: string }) =>
      request<Office>('POST', '/offices', { body: office }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: OFFICES }),
  });
}

export function useRenameOffice(id: string) {
  return useMutation({
    mutationFn: (name: string) => request<Office>('PATCH', `/offices/${id}`, { body: { name } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: OFFICES }),
  });
}

export function useOfficers(officeId?: string) {
  return useQuery({
    queryKey: [...OFFICERS, officeId],
    queryFn: ({ signal }) =>
      request<Page<OfficerOfOffice>>('GET', '/officers', { signal, query: { officeId } }),
  });
}

export function usePendingChanges() {
  return useQuery({
    queryKey: CHANGES,
    queryFn: ({ signal }) =>
      request<Page<OfficerChange>>('GET', '/officer-changes', { signal, query: { state: 'pending' } }),
  });
}

function officersChanged(): void {
  void queryClient.invalidateQueries({ queryKey: OFFICERS });
  void queryClient.invalidateQueries({ queryKey: CHANGES });
}

export function useProposeChange() {
  return useMutation({
    mutationFn: (change: OfficerChangeInput) =>
      request<OfficerChange>('POST', '/officer-changes', { body: change }),
    onSuccess: officersChanged,
  });
}

export function useDecideChange(id: string, decision: 'confirm' | 'reject') {
  return useMutation({
    mutationFn: () => request<OfficerChange>('POST', `/officer-changes/${id}/${decision}`),
    onSuccess: officersChanged,
  });
}

export interface LoginLink {
  loginLink: string;
  expiresAt: string;
}

export function useMakeLoginLink(officerId: string) {
  return useMutation({
    mutationFn: () => request<LoginLink>('POST', `/officers/${officerId}/login-links`),
    gcTime: 0,
  });
}

export function useEndSessions(officerId: string) {
  return useMutation({
    mutationFn: () => request<void>('DELETE', `/officers/${officerId}/sessions`),
  });
}
