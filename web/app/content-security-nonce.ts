/** The nonce by which this page's style elements are told from injected ones; the service puts it into each page anew. */
export function contentSecurityNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
