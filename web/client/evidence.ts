import { useMutation, useQuery } from '@tanstack/react-query';

import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type { Evidence, EvidenceKind, Page } from './types.ts';

function keyOf(applicationId: string) {
  return ['evidence', applicationId];
}

export function useEvidence(applicationId: string) {
  return useQuery({
    queryKey: keyOf(applicationId),
    queryFn: ({ signal }) =>
      request<Page<Evidence>>('GET', `/applications/${applicationId}/evidence`, { signal }),
  });
}

export function useAddEvidence(applicationId: string) {
  return useMutation({
    mutationFn: ({ kind, file }: { kind: EvidenceKind; file: File }) => {
      const body = new FormData();
      body.append('file', file);
      return request<Evidence>('POST', `/applications/${applicationId}/evidence`, { query: { kind }, body });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keyOf(applicationId) }),
  });
}

/** Where a paper is downloaded; that it was opened is recorded. */
export function evidenceAddress(applicationId: string, evidenceId: string): string {
  return `/api/v1/applications/${applicationId}/evidence/${evidenceId}`;
}
