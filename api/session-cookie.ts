/** The cookie that names an officer's session. */
export interface SessionCookie {
  name: string;
  /** Whether it leaves by TLS alone. */
  secure: boolean;
}

/**
 * Browsers take a cookie of this name only from this very host, by TLS and for every path (RFC 6265bis §4.1.3.2): another site of the
 * same domain cannot slip in a session of its own.
 */
export const SESSION_COOKIE = '__Host-mohr_session';
/** On `http://localhost`, which has no TLS. */
const LOCAL_SESSION_COOKIE = 'mohr_session';

export function sessionCookieOf(consoleUrl: string): SessionCookie {
  const secure = consoleUrl.startsWith('https:');
  return { name: secure ? SESSION_COOKIE : LOCAL_SESSION_COOKIE, secure };
}
