import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';

import { ConnectionError, ProblemError } from './problem.ts';
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

/**
 * Files an application. When the connection broke before the answer came, nobody knows whether it was filed: the next attempt
 * that finds the key taken looks for the officer's own application instead of refusing it to them.
 */
export function useFileApplication(officerId: string) {
  const isUncertain = useRef(false);
  return useMutation({
    mutationFn: async (input: ApplicationInput) => {
      try {
        return await request<Application>('POST', '/applications', { body: input });
      } catch (error) {
        if (error instanceof ConnectionError) isUncertain.current = true;
        const isTaken = error instanceof ProblemError && error.code === 'key-in-use';
        const filed = isTaken && isUncertain.current ? await findFiled(input, officerId) : undefined;
        if (filed) return filed;
        throw error;
      }
    },
    onSuccess: applicationChanged,
  });
}

async function findFiled(input: ApplicationInput, officerId: string): Promise<Application | undefined> {
  const query = { text: input.applicant.nationalId, state: 'submitted', limit: PAGE_SIZE };
  const { items } = await request<Page<Application>>('GET', '/applications', { query });
  return items.find(({ filedBy, profile }) => filedBy === officerId && profile === input.profile);
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
