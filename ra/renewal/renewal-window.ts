/** Before expiry (DOMAIN §4). */
const RENEWAL_DAYS = 90;

const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** When a certificate may be renewed for the first time. */
export function renewableFrom({ notAfter }: { notAfter: Date }): Date {
  return new Date(notAfter.getTime() - RENEWAL_DAYS * DAY_MILLISECONDS);
}
