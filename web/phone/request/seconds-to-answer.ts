/** The life of a request (DOMAIN §6). */
const SECONDS_MAX = 180;

/**
 * Seconds from the time at which the service heard of the display until the request is over: both times are the service's, so a phone
 * whose clock is wrong counts right. After a reload it counts from the first display, and the service ends it earlier than said.
 */
export function secondsToAnswer(
  { expiresAt }: { expiresAt: string },
  { signingTime }: { signingTime: string },
): number {
  const seconds = (Date.parse(expiresAt) - Date.parse(signingTime)) / 1000;
  return Math.min(SECONDS_MAX, Math.max(1, Math.round(seconds)));
}
