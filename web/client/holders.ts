import { useQuery } from '@tanstack/react-query';

import { request } from './request.ts';
import type { HolderFile } from './types.ts';

/** Reading is recorded: it is not repeated because a window came to the front. */
export function useHolderFile(nationalId: string) {
  return useQuery({
    queryKey: ['holders', nationalId],
    queryFn: ({ signal }) =>
      request<HolderFile>('GET', `/holders/${encodeURIComponent(nationalId)}`, { signal }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}
