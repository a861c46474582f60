import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';

import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type { Certificate, CertificateWithHistory, Page, StatusChange } from './types.ts';

const CERTIFICATES = ['certificates'] as const;
const PAGE_SIZE = 25;

export function useCertificates(text: string) {
  return useInfiniteQuery({
    queryKey: [...CERTIFICATES, 'list', text],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Certificate>>('GET', '/certificates', {
        signal,
        query: { text, before: pageParam, limit: PAGE_SIZE },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
}

export function useCertificatesOf(applicationId: string) {
  return useQuery({
    queryKey: [...CERTIFICATES, 'application', applicationId],
    queryFn: ({ signal }) =>
      request<Page<Certificate>>('GET', '/certificates', { signal, query: { applicationId } }),
  });
}

export interface CertificateName {
  authority: string;
  serialNumber: string;
}

function pathOf({ authority, serialNumber }: CertificateName): string {
  return `/certificates/${encodeURIComponent(authority)}/${encodeURIComponent(serialNumber)}`;
}

export function useCertificate(name: CertificateName) {
  return useQuery({
    queryKey: [...CERTIFICATES, 'one', name.authority, name.serialNumber],
    queryFn: ({ signal }) => request<CertificateWithHistory>('GET', pathOf(name), { signal }),
  });
}

export type StatusAction = 'hold' | 'release' | 'revoke';

export interface StatusChangeBody {
  /** Of a hold. */
  cause?: string;
  /** Of a revocation. */
  reason?: string;
  invalidityDate?: string;
}

export function useChangeStatus(name: CertificateName, action: StatusAction) {
  return useMutation({
    mutationFn: (body: StatusChangeBody) =>
      request<StatusChange>('POST', `${pathOf(name)}/${action}`, { body }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: CERTIFICATES });
      void queryClient.invalidateQueries({ queryKey: ['holders'] });
    },
  });
}
