import type { StatusEvent } from '../../pki/certificate-status.ts';
import { CaError } from '../ca-error.ts';

/** Whoever renews earlier would have two valid certificates for longer than a change-over takes. */
export const RENEWAL_WINDOW_DAYS = 90;

const DAY_MILLISECONDS = 86_400_000;

/** A certificate that another one goes on for, as the records have it. */
export interface ReplacedCertificate {
  /** DER. */
  bytes: Buffer;
  notAfter: Date;
  lastEvent: StatusEvent;
}

/**
 * Refuses the renewal of a certificate that is not in its last 90 days, or cannot prove anything any more: whoever renews
 * identifies by a signature with it. Throws CaError `renewal-early` or `renewal-late`.
 */
export function assertRenewable({ notAfter, lastEvent }: ReplacedCertificate, now: Date): void {
  if (lastEvent === 'held' || lastEvent === 'revoked')
    throw new CaError(
      'renewal-late',
      `the certificate to renew is ${lastEvent}: what it signs proves nothing`,
    );
  if (now > notAfter)
    throw new CaError('renewal-late', `the certificate to renew ended on ${notAfter.toISOString()}`);
  const opensAt = new Date(notAfter.getTime() - RENEWAL_WINDOW_DAYS * DAY_MILLISECONDS);
  if (now < opensAt)
    throw new CaError(
      'renewal-early',
      `the certificate to renew ends on ${notAfter.toISOString()}, and is renewed from ${opensAt.toISOString()}`,
    );
}
