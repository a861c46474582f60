import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';

import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type { Application, ApplicationInput, ApplicationState, Page, RegisterAnswer } from './types.ts';

const APPLICATIONS = ['applications'] as const;
const PAGE_SIZE = 25;
/** A second officer sees a new application without loading the page anew. */
const QUEUE_MILLISECONDS = 20_000;

export interface QueueFilter {
  state?: ApplicationState;
  text?: string;
}

export function useApplications({ state, text }: QueueFilter) {
  return useInfiniteQuery({
    queryKey: [...APPLICATIONS, 'list', state, text],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Application>>('GET', '/applications', {
        signal,
        query: { state, text, before: pageParam, limit: PAGE_SIZE },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: QUEUE_MILLISECONDS,
  });
}

function keyOf(id: string) {
  return [...APPLICATIONS, 'one', id];
}

export function useApplication(id: string | undefined) {
  return useQuery({
    queryKey: keyOf(id ?? ''),
    queryFn: ({ signal }) => request<Application>('GET', `/applications/${id}`, { signal }),
    enabled: id !== undefined,
  });
}

export function applicationChanged(application: Application): void {
  queryClient.setQueryData(keyOf(application.id), application);
  void queryClient.invalidateQueries({ queryKey: APPLICATIONS });
  void queryClient.invalidateQueries({ queryKey: ['certificates'] });
}

export function useFileApplication() {
  return useMutation({
    mutationFn: (input: ApplicationInput) => request<Application>('POST', '/applications', { body: input }),
    onSuccess: applicationChanged,
  });
}

export interface Inquiry {
  applicant: ApplicationInput['applicant'];
  birthDate?: string;
  mobile?: string;
}

export function askRegisters(inquiry: Inquiry, signal: AbortSignal): Promise<{ items: RegisterAnswer[] }> {
  return request('POST', '/register-checks', { body: inquiry, signal });
}

export function useAskRegistersAgain(id: string) {
  return useMutation({
    mutationFn: () => request<Application>('POST', `/applications/${id}/register-checks`),
    onSuccess: applicationChanged,
  });
}

export interface Decision {
  version: number;
  note?: string;
}

export function useDecide(id: string, action: 'reject' | 'withdraw') {
  return useMutation({
    mutationFn: (decision: Decision) =>
      request<Application>('POST', `/applications/${id}/${action}`, { body: decision }),
    onSuccess: applicationChanged,
  });
}
