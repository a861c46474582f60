import type { CertificateStatus } from '../client/types.ts';

export type Standing = 'valid' | 'expired' | 'revoked' | 'on-hold';

/** A certificate's status in one word. A revoked one stays revoked when its time has run out. */
export function standingOf(
  { status, notAfter }: { status: CertificateStatus; notAfter: string },
  now: Date,
): Standing {
  if (status.kind === 'revoked') return status.reason === 'certificateHold' ? 'on-hold' : 'revoked';
  return new Date(notAfter) < now ? 'expired' : 'valid';
}
