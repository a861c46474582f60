import { useMutation } from '@tanstack/react-query';

import { queryClient } from './queries.ts';
import { request } from './request.ts';

/** What is known of where a holder is reached, masked. */
export interface Contact {
  mobile?: string;
  email?: string;
}

export function useSetContact(applicationId: string) {
  return useMutation({
    mutationFn: (contact: Contact) =>
      request<Contact>('PUT', `/applications/${applicationId}/contact`, { body: contact }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['holders'] }),
  });
}

export function useSetRevocationPassword(applicationId: string) {
  return useMutation({
    mutationFn: (password: string) =>
      request<void>('PUT', `/applications/${applicationId}/revocation-password`, { body: { password } }),
    gcTime: 0,
  });
}
