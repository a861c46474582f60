import { useQuery } from '@tanstack/react-query';

import { request } from './request.ts';
import type { ApplicationState, RegisterAnswer, RegisterName } from './types.ts';

export interface PublishedCrl {
  authority: string;
  scope: string;
  crlNumber: number;
  thisUpdate: string;
  nextUpdate: string;
  ageSeconds: number;
}

export interface RegisterHealth {
  register: RegisterName;
  lastResult: RegisterAnswer['result'];
  lastReason: string;
  lastAt: string;
  /** Whether the service asks it at all. */
  circuit: 'closed' | 'half-open' | 'open';
  lastDay: Record<RegisterAnswer['result'], number>;
}

/** Days (`yyyy-mm-dd`, Gregorian, of Tehran) without any are left out. */
export interface Dashboard {
  at: string;
  issuancePerDay: { day: string; count: number }[];
  expiriesAhead: { day: string; count: number }[];
  onHold: number;
  holdsPerDay: { day: string; count: number }[];
  revocationsPerDay: { day: string; reason: string; count: number }[];
  applicationsByState: { state: ApplicationState; count: number }[];
  ocsp: {
    answers: number;
    perSecond: number;
    /** By minute, the newest last. */
    lastHour: { at: string; perSecond: number }[];
    confirmedAgeSeconds: number;
    isAlarming: boolean;
  };
  crls: PublishedCrl[];
  registers: RegisterHealth[];
}

/** The service counts once a minute. */
const REFRESH_MILLISECONDS = 60_000;

export function useDashboard() {
  return useQuery({
    queryKey: ['dashboard'],
    queryFn: ({ signal }) => request<Dashboard>('GET', '/dashboard', { signal }),
    refetchInterval: REFRESH_MILLISECONDS,
  });
}
