/**
 * What a public page may do: scripts come from files of this origin, styles from there or with the page's nonce, and nothing goes to or
 * comes from another one.
 */
export function publicPagePolicy(nonce: string, more: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    ...more,
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
