import type { RevocationReason } from '../../pki/revocation-reason.ts';

/** What CRLs and OCSP responses say of one certificate. */
export type StatusFinding =
  | { kind: 'good'; source: StatusSource; thisUpdate: Date }
  | {
      kind: 'revoked';
      source: StatusSource;
      thisUpdate: Date;
      revokedAt: Date;
      reason: RevocationReason;
      invalidityDate?: Date;
    }
  /** Why none of them could be used; empty: there was none. */
  | { kind: 'unknown'; notes: string[] };

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
  return a.thisUpdate.getTime() >= b.thisUpdate.getTime() ? a : b;
}

function isForEver(finding: StatusFinding): boolean {
  return finding.kind === 'revoked' && finding.reason !== 'certificateHold';
}
