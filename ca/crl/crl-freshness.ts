import { scopeKey } from './crl-scope.ts';
import type { CrlHead } from './crl-store.ts';

/** Gauges of one CRL for metrics and alarms, in seconds. */
export interface CrlFreshness {
  /** `<authority>/<scope>`. */
  scope: string;
  crlNumber: number;
  ageSeconds: number;
  /** Negative when relying parties must not use it any more. */
  secondsToNextUpdate: number;
  /** How long a newer one should have been there: above 0 building fails, half a lifetime before anybody notices. */
  overdueSeconds: number;
}

export function crlFreshness(
  heads: readonly CrlHead[],
  now: Date,
  policy: { intervalSeconds: number },
): CrlFreshness[] {
  return heads.map((head) => {
    const ageSeconds = (now.getTime() - head.thisUpdate.getTime()) / 1000;
    return {
      scope: scopeKey(head.scope),
      crlNumber: head.crlNumber,
      ageSeconds,
      secondsToNextUpdate: (head.nextUpdate.getTime() - now.getTime()) / 1000,
      overdueSeconds: Math.max(0, ageSeconds - policy.intervalSeconds),
    };
  });
}
