import { useMutation, useQuery } from '@tanstack/react-query';

import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type { OfficerCertificate, Page } from './types.ts';

function keyOf(officerId: string) {
  return ['officer-certificates', officerId];
}

export function useOfficerCertificates(officerId: string, enabled: boolean) {
  return useQuery({
    queryKey: keyOf(officerId),
    queryFn: ({ signal }) =>
      request<Page<OfficerCertificate>>('GET', `/officers/${officerId}/certificates`, { signal }),
    enabled,
  });
}

/** Ends one certificate and every session of its officer. */
export function useRevokeOfficerCertificate(officerId: string) {
  return useMutation({
    mutationFn: ({ certificate, reason }: { certificate: OfficerCertificate; reason: string }) => {
      const { authority, serialNumber } = certificate;
      return request<void>(
        'POST',
        `/officers/${officerId}/certificates/${authority}/${serialNumber}/revoke`,
        {
          body: { reason },
        },
      );
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keyOf(officerId) }),
  });
}
