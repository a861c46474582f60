import { SigningError } from '../signing-error.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const URL_CHARACTERS_MAX = 500;

/**
 * What the service may be made to call: whole addresses that an operator has entered, over TLS; without it on this machine only.
 * Throws SigningError `callback-url-malformed`.
 */
export function assertCallbackUrls(urls: readonly string[]): void {
  for (const text of urls) {
    if (text.length > URL_CHARACTERS_MAX || !URL.canParse(text)) throw malformed('an address cannot be read');
    const { protocol, hostname, username, password, hash, href } = new URL(text);
    if (href !== text) throw malformed(`write ${href.slice(0, URL_CHARACTERS_MAX)}`);
    if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.has(hostname)))
      throw malformed('https is needed');
    if (username !== '' || password !== '' || hash !== '')
      throw malformed('neither user nor fragment belongs there');
  }
}

function malformed(detail: string): SigningError {
  return new SigningError('callback-url-malformed', `not a callback address: ${detail}`);
}
