import type { RevocationReason } from '../../pki/revocation-reason.ts';

/** What CRLs and OCSP responses say of one certificate. */
export type StatusFinding =
  | {
      kind: 'good';
      source: StatusSource;
      thisUpdate: Date;
      /** Until when it was to be used; absent of the deployment's own history. */
      until?: Date;
      /** It was good at the moment that was asked for, and is known to have been revoked afterwards. */
      revokedLater?: RevocationFacts;
    }
  | ({ kind: 'revoked'; source: StatusSource; thisUpdate: Date } & RevocationFacts)
  /** Why none of them could be used; empty: there was none. */
  | { kind: 'unknown'; notes: string[] };

export interface RevocationFacts {
  revokedAt: Date;
  reason: RevocationReason;
  invalidityDate?: Date;
}

export type StatusSource = 'crl' | 'ocsp' | 'history';

/**
 * Which of two findings counts: a revocation that is no hold is for ever; else the newer one, since holds are lifted. An
 * unknown status counts for nothing.
 */
export function weightierFinding(a: StatusFinding, b: StatusFinding): StatusFinding {
  if (a.kind === 'unknown' || b.kind === 'unknown') {
    if (a.kind !== 'unknown') return a;
    return b.kind === 'unknown' ? { kind: 'unknown', notes: [...a.notes, ...b.notes] } : b;
  }
  if (isForEver(a) !== isForEver(b)) return isForEver(a) ? a : b;
  const newer = a.thisUpdate.getTime() >= b.thisUpdate.getTime() ? a : b;
  if (newer.kind !== 'good' || newer.revokedLater) return newer;
  const older = newer === a ? b : a;
  const later = older.kind === 'good' ? older.revokedLater : undefined;
  return later && later.reason !== 'certificateHold' ? { ...newer, revokedLater: later } : newer;
}

function isForEver(finding: StatusFinding): boolean {
  return finding.kind === 'revoked' && finding.reason !== 'certificateHold';
}
