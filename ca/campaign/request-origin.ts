/** What ids of campaign applications begin with: they sort as older than all that were filed one by one (UUID version 7). */
const PREFIX = '0000';

/**
 * The application id of a request, from its fingerprint (SHA-256): a UUID version 8 (RFC 9562 §5.8) with 106 bits of it. The
 * same request has the same id in whatever roster and run it comes again, so it is issued once.
 */
export function applicationIdOfRequest(fingerprint: Buffer): string {
  const hex = fingerprint.toString('hex');
  const variant = (0x8 | (fingerprint[16] & 0x3)).toString(16);
  return `${PREFIX}${hex.slice(0, 4)}-${hex.slice(4, 8)}-8${hex.slice(8, 11)}-${variant}${hex.slice(11, 14)}-${hex.slice(14, 26)}`;
}

/** Whether an application id was made by a campaign. */
export function isOfCampaign(applicationId: string): boolean {
  return applicationId.startsWith(PREFIX) && applicationId[14] === '8';
}
