/**
 * The request in a GET's address: everything behind `/ocsp/<ca>/`, base64 with or without URL-encoding and padding
 * (RFC 6960 appendix A.1.1). Undefined when it is not base64. Takes the address as it came over the wire: base64 may
 * contain slashes, also two in a row, that a router would take for its own.
 */
export function ocspRequestInPath(url: string): Buffer | undefined {
  const encoded = /^\/+ocsp\/+[^/?]+\/+([^?]*)/.exec(url)?.[1];
  // Programs on the way that take the path for a form turn a plus sign into a blank; base64 has no other use for one.
  const base64 = encoded && percentDecoded(encoded)?.replaceAll(' ', '+');
  if (!base64) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  // Buffer passes over what is not base64; encoding again shows what it passed over, and bits that belong to nothing.
  const written = bytes.toString('base64');
  return base64 === written || base64 === written.replace(/=+$/, '') ? bytes : undefined;
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
