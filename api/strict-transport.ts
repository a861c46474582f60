/** Names of the machine itself (RFC 6761 §6.3) and its addresses. */
const OWN_HOSTS = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether browsers are told to come by HTTPS only (RFC 6797). Not on the machine's own names: whatever else is developed there is
 * served by plain HTTP, and the browser would refuse it for a year.
 */
export function isStrictTransport(consoleUrl: string): boolean {
  const { protocol, hostname } = new URL(consoleUrl);
  return protocol === 'https:' && !OWN_HOSTS.test(hostname);
}
