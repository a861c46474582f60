import { Type } from 'typebox';

/** Octets as base64 with padding (RFC 4648 §4), bounded before they are decoded. */
export function base64Octets(octetsMax: number) {
  return Type.String({
    minLength: 4,
    maxLength: 4 * Math.ceil(octetsMax / 3),
    pattern: '^[A-Za-z0-9+/]+={0,2}$',
    contentEncoding: 'base64',
  });
}
