import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';

import { filingKey, forgetFilingKey } from './filing-key.ts';
import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type {
  Application,
  ApplicationInput,
  ApplicationState,
  Case,
  DraftContent,
  Page,
  RegisterAnswer,
  SavedDraft,
} from './types.ts';

const APPLICATIONS = ['applications'] as const;
const PAGE_SIZE = 25;
/** A second officer sees a new application without loading the page anew. */
const QUEUE_MILLISECONDS = 20_000;
const UNDER_WAY: readonly ApplicationState[] = ['submitted', 'approved', 'activation'];

export interface QueueFilter {
  state?: ApplicationState;
  text?: string;
}

export function useApplications({ state, text }: QueueFilter) {
  return useInfiniteQuery({
    queryKey: [...APPLICATIONS, 'list', state, text],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Case>>('GET', '/applications', {
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
    queryFn: ({ signal }) => request<Case>('GET', `/applications/${id}`, { signal }),
    enabled: id !== undefined,
    // Colleagues decide and the service issues meanwhile. A draft stays as the form has it.
    refetchInterval: ({ state }) =>
      state.data && UNDER_WAY.includes(state.data.state) ? QUEUE_MILLISECONDS : false,
  });
}

export function applicationChanged(application: Case): void {
  queryClient.setQueryData(keyOf(application.id), application);
  void queryClient.invalidateQueries({ queryKey: APPLICATIONS });
  void queryClient.invalidateQueries({ queryKey: ['certificates'] });
}

export function useFileApplication() {
  return useMutation({
    mutationFn: async (input: ApplicationInput) => {
      const idempotencyKey = await filingKey(JSON.stringify(input));
      return request<Application>('POST', '/applications', { body: input, idempotencyKey });
    },
    onSuccess: (application) => {
      forgetFilingKey();
      applicationChanged(application);
    },
  });
}

/** Saves a draft where colleagues find it: a new one, or the next version of one. */
export function useSaveDraft(saved: SavedDraft | undefined) {
  return useMutation({
    mutationFn: (content: DraftContent) => saveDraft(saved, content),
    onSuccess: applicationChanged,
  });
}

function saveDraft(saved: SavedDraft | undefined, content: DraftContent): Promise<SavedDraft> {
  if (!saved) return request('POST', '/applications', { body: { draft: true, ...content } });
  return request('PUT', `/applications/${saved.id}`, { body: { version: saved.version, ...content } });
}

/** Saves what was typed last, and files it. Where filing is refused, `onSaved` has been told what was saved before it. */
export function useSubmitDraft(saved: SavedDraft | undefined, onSaved: (kept: SavedDraft) => void) {
  return useMutation({
    mutationFn: async (input: ApplicationInput) => {
      const kept = await saveDraft(saved, input);
      onSaved(kept);
      const { id, version } = kept;
      return request<Application>('POST', `/applications/${id}/submit`, { body: { version } });
    },
    onSuccess: applicationChanged,
  });
}

/** Forgets a draft in the version that was seen. */
export function useDiscardDraft() {
  return useMutation({
    mutationFn: ({ id, version }: SavedDraft) =>
      request<void>('DELETE', `/applications/${id}`, { query: { version } }),
    onSuccess: (_, { id }) => {
      queryClient.removeQueries({ queryKey: keyOf(id) });
      void queryClient.invalidateQueries({ queryKey: [...APPLICATIONS, 'list'] });
    },
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
    onSuccess: (application) => {
      applicationChanged(application);
      // What kept it from being approved may be over.
      void queryClient.invalidateQueries({ queryKey: ['approval', id] });
    },
  });
}

export interface Decision {
  version: number;
  note?: string;
}

export function useDecide(id: string, action: 'reject' | 'withdraw' | 'accept') {
  return useMutation({
    mutationFn: (decision: Decision) =>
      request<Application>('POST', `/applications/${id}/${action}`, { body: decision }),
    onSuccess: applicationChanged,
  });
}
