/** A host, `*.` and a domain, or either with a port; without one it is 443. */
const PATTERN = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?$/;
const ENDPOINT_CHARACTERS_MAX = 1_000;

export function isPushHostPattern(text: string): boolean {
  return PATTERN.test(text);
}

/**
 * Whether a phone may be woken at an address. A subscription comes from a phone, and the service posts where it says: only to push
 * services that the deployment names, over TLS, so that nobody makes it call the deployment's own machines.
 */
export function isAllowedEndpoint(endpoint: string, patterns: readonly string[]): boolean {
  if (endpoint.length > ENDPOINT_CHARACTERS_MAX || !URL.canParse(endpoint)) return false;
  const { protocol, host, username, password, hash } = new URL(endpoint);
  if (protocol !== 'https:' || username !== '' || password !== '' || hash !== '') return false;
  return patterns.some((pattern) =>
    pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern,
  );
}
