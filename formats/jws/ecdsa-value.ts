import * as asn1 from '../../pki/der/encode.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { FormatError } from '../format-error.ts';

/**
 * The two numbers of an ECDSA signature as JWS writes them (RFC 7518 §3.4), as Ecdsa-Sig-Value in DER. Undefined where their length is
 * another than the curve's, and where one of them is zero: a library that forgot to look took that for everybody's signature.
 */
export function ecdsaValueOf(signature: Uint8Array, octets: number): Buffer | undefined {
  if (signature.length !== 2 * octets) return undefined;
  const r = unsignedInteger(signature.subarray(0, octets));
  const s = unsignedInteger(signature.subarray(octets));
  return r && s && asn1.sequence(r, s);
}

/** The other way round; throws FormatError `jws-malformed` for numbers that the curve does not have. */
export function joseEcdsaValue(ecdsaValue: Uint8Array, octets: number): Buffer {
  const numbers = openWhole(ecdsaValue);
  return Buffer.concat([0, 1].map(() => fixedLength(numbers.read(TAG.integer).content, octets)));
}

function unsignedInteger(octets: Uint8Array): Buffer | undefined {
  const first = octets.findIndex((octet) => octet !== 0);
  if (first === -1) return undefined;
  const significant = octets.subarray(first);
  return asn1.element(TAG.integer, Buffer.alloc(significant[0] >= 0x80 ? 1 : 0), significant);
}

function fixedLength(integer: Buffer, octets: number): Buffer {
  const significant = integer[0] === 0 ? integer.subarray(1) : integer;
  if (significant.length > octets)
    throw new FormatError('jws-malformed', `a number of ${significant.length} octets, at most ${octets}`);
  return Buffer.concat([Buffer.alloc(octets - significant.length), significant]);
}
