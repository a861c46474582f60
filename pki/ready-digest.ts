import type { KeyObject } from 'node:crypto';

/** Of SHA-256: the only digests that keys on phones take from others. */
export const READY_DIGEST_OCTETS = 32;

/** Orders of the curves (SEC 2 §2.4.2, §2.5.1). */
const ORDERS: Readonly<Record<string, bigint>> = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1:
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
};

/**
 * What a key signs of a digest, as 32 octets: two digests have the same when a signature over one is one over the other, and what has
 * none is none that could be had with a SHA-256 value.
 *
 * ECDSA signs a number and not a digest (FIPS 186-5 §6.4.1): of a digest longer than the order of the curve the leftmost octets count, so
 * half of a SHA-512 value passes for a SHA-256 value; leading zeros do not count; and the number is taken modulo the order, so that of
 * some four billion SHA-256 values on P-256 one has a twin. RSA signs the name of the digest as well.
 */
export function asReadyDigest(value: Buffer, publicKey: KeyObject): Buffer | undefined {
  const order = ORDERS[publicKey.asymmetricKeyDetails?.namedCurve ?? ''];
  if (order === undefined) return value.length === READY_DIGEST_OCTETS ? value : undefined;
  const octets = order.toString(16).length / 2;
  const number = BigInt(`0x${value.subarray(0, octets).toString('hex')}`) % order;
  const text = number.toString(16);
  return text.length > READY_DIGEST_OCTETS * 2
    ? undefined
    : Buffer.from(text.padStart(READY_DIGEST_OCTETS * 2, '0'), 'hex');
}
