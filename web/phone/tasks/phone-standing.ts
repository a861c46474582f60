export type PhoneStanding = 'good' | 'on-hold' | 'revoked' | 'expired' | 'unknown';

/** What the service says comes before what the phone's clock says. */
export function phoneStanding(
  status: { kind: 'good' | 'revoked'; reason?: string } | undefined,
  notAfter: string,
  now: Date,
): PhoneStanding {
  if (status?.kind === 'revoked') return status.reason === 'certificateHold' ? 'on-hold' : 'revoked';
  if (now > new Date(notAfter)) return 'expired';
  return status ? 'good' : 'unknown';
}
