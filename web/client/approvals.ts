import { useMutation, useQuery } from '@tanstack/react-query';

import { applicationChanged } from './applications.ts';
import { confirmWithPasskey } from './passkey-ceremony.ts';
import type { RequestOptionsJson } from './passkey-ceremony.ts';
import { request } from './request.ts';
import type { Application, RegisterName } from './types.ts';

/** Exactly what approving issues, as the service will hold the approval against it. */
export interface ApprovalDocument {
  application: { id: string; version: number; officeId: string; filedBy: string };
  certificate: {
    authorityId: string;
    profileId: string;
    profileVersion: number;
    validity: string;
    subject: { type: string; value: string }[];
    /** Absent where the key comes with the activation. */
    subjectPublicKeyInfoSha256?: string;
    registrationNumber?: string;
    councilNumber: { group: string; digits: string };
  };
  registerAnswers: { id: string; register: RegisterName; result: string; answeredAt: string }[];
  approvedBy: string;
  preparedAt: string;
  nonce: string;
}

export interface PreparedApproval {
  document: ApprovalDocument;
  canonical: string;
  /** SHA-256 of the canonical form, base64url; the challenge that the passkey signs. */
  digest: string;
  options: RequestOptionsJson;
}

/** The service takes an approval for five minutes; a page that is read longer prepares it anew. */
const FRESH_MILLISECONDS = 240_000;

export function useApproval(id: string, version: number) {
  return useQuery({
    queryKey: ['approval', id, version],
    queryFn: ({ signal }) => request<PreparedApproval>('GET', `/applications/${id}/approval`, { signal }),
    staleTime: FRESH_MILLISECONDS,
    refetchInterval: FRESH_MILLISECONDS,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
}

/** Signs what was shown with the officer's passkey, and hands it in. */
export function useApprove(id: string) {
  return useMutation({
    mutationFn: async ({ document, options }: PreparedApproval) => {
      const assertion = await confirmWithPasskey(options);
      const body = { version: document.application.version, assertion };
      return request<Application>('POST', `/applications/${id}/approve`, { body });
    },
    onSuccess: applicationChanged,
  });
}
