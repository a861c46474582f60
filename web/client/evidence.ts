import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { queryClient } from './queries.ts';
import { request } from './request.ts';
import { upload } from './upload.ts';
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

/** `progress`: how much of the file has gone out, from 0 to 1. */
export function useAddEvidence(applicationId: string) {
  const [progress, setProgress] = useState(0);
  const adding = useMutation({
    mutationFn: ({ kind, file }: { kind: EvidenceKind; file: File }) => {
      setProgress(0);
      return upload<Evidence>(`/applications/${applicationId}/evidence`, {
        query: { kind },
        file,
        onProgress: setProgress,
      });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keyOf(applicationId) }),
  });
  return { ...adding, progress };
}

/** Where a paper is downloaded; that it was opened is recorded. */
export function evidenceAddress(applicationId: string, evidenceId: string): string {
  return `/api/v1/applications/${applicationId}/evidence/${evidenceId}`;
}
