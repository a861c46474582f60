import { useMutation } from '@tanstack/react-query';

import { request } from './request.ts';

export type KeyStore = 'card' | 'phone';

export interface BlockRequest {
  nationalId: string;
  revocationPassword?: string;
  code?: string;
  /** Absent: everything. */
  keyStore?: KeyStore;
  final?: boolean;
}

export interface BlockOutcome {
  held: number;
  revoked: number;
}

export function useBlock() {
  return useMutation({
    mutationFn: (body: BlockRequest) => request<BlockOutcome>('POST', '/self-service/blocks', { body }),
  });
}

export function useRequestCode() {
  return useMutation({
    mutationFn: (nationalId: string) =>
      request<unknown>('POST', '/self-service/codes', { body: { nationalId, purpose: 'block' } }),
  });
}
