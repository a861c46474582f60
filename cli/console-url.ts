import { isIP } from 'node:net';

import type { RelyingParty } from '../passkeys/web-authn-ceremony.ts';

/**
 * Where officers open the console when the deployment does not say so: browsers make passkeys on `localhost` and behind TLS only
 * (WebAuthn L2 §5, secure contexts), and never for an IP address (§5.1.2). `tlsPort`: where the service itself listens with TLS.
 */
export function consoleUrlOf(publicUrl: string, tlsPort?: number): string {
  const url = new URL(publicUrl);
  const isLoopback = LOOPBACK.includes(url.hostname);
  if (isLoopback) url.hostname = 'localhost';
  if (tlsPort !== undefined || !isLoopback) url.protocol = 'https:';
  if (tlsPort !== undefined) url.port = String(tlsPort);
  return url.href.replace(/\/+$/, '');
}

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Whose passkeys they are. Under an IP address nobody can make one, and officers approve by certificate. */
export function relyingPartyOf(consoleUrl: string): RelyingParty {
  const { hostname, origin } = new URL(consoleUrl);
  return { id: hostname, name: 'Mohr', origin };
}

/** What is wrong with the address of a console; undefined: nothing. */
export function faultOfConsoleUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return `"${text}" is not a URL`;
  const { protocol, hostname, search, hash, username } = new URL(text);
  if (isIP(hostname.replace(/[[\]]/g, ''))) return `"${text}" is an IP address, passkeys need a name`;
  if (protocol !== 'https:' && !(protocol === 'http:' && hostname === 'localhost'))
    return `"${text}" is not https, where alone browsers use passkeys`;
  return search || hash || username ? `"${text}" has more than scheme, host, port and path` : undefined;
}
