import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';

import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type { EvidenceKind, Page } from './types.ts';

export type Outcome = 'passed' | 'passed-with-findings' | 'failed';
export type Severity = 'note' | 'minor' | 'major';

export interface Inspection {
  id: string;
  officeId: string;
  periodFrom: string;
  periodBefore: string;
  sampleSize: number;
  population: number;
  populationSha256: string;
  seed: string;
  dueAt: string;
  openedAt: string;
  /** Absent while it is open. */
  outcome?: Outcome;
  closedAt?: string;
}

export interface Finding {
  id: string;
  applicationId?: string;
  severity: Severity;
  text: string;
  recordedAt: string;
}

export interface InspectionCase {
  position: number;
  applicationId: string;
  wasRevoked: boolean;
  papers: EvidenceKind[];
}

export interface InspectionFile extends Inspection {
  cases: InspectionCase[];
  findings: Finding[];
  isReproducible: boolean;
}

/** Days are Jalali, `yyyymmdd`. */
export interface InspectionInput {
  officeId: string;
  from: string;
  to: string;
  sampleSize: number;
  dueOn: string;
}

const INSPECTIONS = ['inspections'] as const;
const PAGE_SIZE = 25;

export function useInspections() {
  return useInfiniteQuery({
    queryKey: [...INSPECTIONS, 'list'],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Inspection>>('GET', '/inspections', {
        signal,
        query: { before: pageParam, limit: PAGE_SIZE },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
}

export function useInspection(id: string) {
  return useQuery({
    queryKey: [...INSPECTIONS, 'one', id],
    queryFn: ({ signal }) => request<InspectionFile>('GET', `/inspections/${id}`, { signal }),
  });
}

function inspectionsChanged(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: INSPECTIONS });
}

export function useOpenInspection() {
  return useMutation({
    mutationFn: (input: InspectionInput) => request<Inspection>('POST', '/inspections', { body: input }),
    onSuccess: inspectionsChanged,
  });
}

export function useRecordFinding(id: string) {
  return useMutation({
    mutationFn: (finding: Pick<Finding, 'severity' | 'text' | 'applicationId'>) =>
      request<Finding>('POST', `/inspections/${id}/findings`, { body: finding }),
    onSuccess: inspectionsChanged,
  });
}

export function useCloseInspection(id: string) {
  return useMutation({
    mutationFn: (outcome: Outcome) =>
      request<void>('POST', `/inspections/${id}/close`, { body: { outcome } }),
    onSuccess: inspectionsChanged,
  });
}
