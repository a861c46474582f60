import { FormatError } from '../format-error.ts';

/**
 * Decodes base64url without padding (RFC 7515 §2), strictly: one text for each value, so that nothing hides in bits that nobody reads.
 * Throws FormatError `jws-malformed`.
 */
export function decodeBase64url(text: string): Buffer {
  return decode(text, 'base64url');
}

/** Decodes base64 with padding (RFC 4648 §4), as `x5c` and what JAdES carries in DER are written. Throws as above. */
export function decodeBase64(text: string): Buffer {
  return decode(text, 'base64');
}

function decode(text: string, encoding: 'base64' | 'base64url'): Buffer {
  const bytes = Buffer.from(text, encoding);
  if (bytes.toString(encoding) === text) return bytes;
  throw new FormatError('jws-malformed', `a value is not ${encoding} as RFC 4648 writes it`);
}
