import { useMutation, useQuery } from '@tanstack/react-query';

import { applicationChanged } from './applications.ts';
import { queryClient } from './queries.ts';
import { request } from './request.ts';
import type { Application } from './types.ts';

/** How the newest activation of an application stands. */
export interface Activation {
  id: string;
  state: 'waiting' | 'dead' | 'expired' | 'void' | 'used';
  /** Absent where no code was made: no number was known. */
  codeChannel?: 'sms' | 'letter';
  isDeskSecretShown: boolean;
  triesLeft: number;
  expiresAt: string;
}

export type Renewal = 'code' | 'letter' | 'desk-secret';

/** Secrets are answered once, and kept nowhere. */
export interface RenewedActivation {
  activation: Activation;
  deskSecret?: string;
  letterCode?: string;
}

function keyOf(applicationId: string) {
  return ['activation', applicationId];
}

export function useActivation(applicationId: string) {
  return useQuery({
    queryKey: keyOf(applicationId),
    queryFn: ({ signal }) =>
      request<Activation>('GET', `/applications/${applicationId}/activation`, { signal }),
  });
}

export function useRenewActivation(applicationId: string) {
  return useMutation({
    mutationFn: (renew: Renewal) =>
      request<RenewedActivation>('POST', `/applications/${applicationId}/activation-codes`, {
        body: { renew },
      }),
    onSuccess: ({ activation }) => queryClient.setQueryData(keyOf(applicationId), activation),
    gcTime: 0,
  });
}

export interface ActivationProof {
  code: string;
  deskSecret: string;
  /** PKCS#10, PEM, which the phone has made. */
  certificationRequest: string;
}

export function useActivatePhone(applicationId: string) {
  return useMutation({
    mutationFn: async (proof: ActivationProof) => {
      const { application } = await request<{ application: Application }>(
        'POST',
        `/applications/${applicationId}/activation`,
        { body: proof },
      );
      return application;
    },
    onSuccess: applicationChanged,
    // A wrong one costs a try.
    onError: () => queryClient.invalidateQueries({ queryKey: keyOf(applicationId) }),
    gcTime: 0,
  });
}
