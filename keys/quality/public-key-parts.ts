import { openWhole } from '../../pki/der/decode.ts';
import type { Cursor } from '../../pki/der/decode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { bigintOf, bitsOf, oidOf } from '../../pki/der/values.ts';
import { ALG } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';

/** The parts of a public key that rules look at; RSA covers keys that are bound to PSS too. */
export type PublicKeyParts = (
  | { kind: 'rsa'; modulus: bigint; publicExponent: bigint; modulusBits: number }
  /** `curve` is the namedCurve; undefined: explicit parameters, or parameters inherited from an issuer. */
  | { kind: 'ec'; curve: string | undefined; point: Buffer }
  | { kind: 'ed25519'; point: Buffer }
  | { kind: 'other' }
) & { algorithm: string; subjectPublicKeyInfo: Buffer };

/** Largest modulus that rules calculate with, in octets; larger ones are refused before any arithmetic (RFC 5280 has none). */
const MODULUS_OCTETS_MAX = 2048;

/** Takes a SubjectPublicKeyInfo (DER, RFC 5280 §4.1.2.7) apart; throws PkiError `der-malformed` or `key-malformed`. */
export function readPublicKeyParts(subjectPublicKeyInfo: Uint8Array): PublicKeyParts {
  const outer = openWhole(subjectPublicKeyInfo);
  const identifier = outer.into(TAG.sequence);
  const algorithm = oidOf(identifier.read(TAG.oid));
  const { bytes, unusedBits } = bitsOf(outer.read(TAG.bitString));
  outer.end();
  if (unusedBits !== 0) throw new PkiError('key-malformed', 'subjectPublicKey is not whole octets');
  const common = { algorithm, subjectPublicKeyInfo: Buffer.from(subjectPublicKeyInfo) };
  switch (algorithm) {
    case ALG.rsaEncryption:
    case ALG.rsassaPss:
      return { ...readRsa(bytes), ...common };
    case ALG.ecPublicKey:
      return { kind: 'ec', curve: namedCurveOf(identifier), point: bytes, ...common };
    case ALG.ed25519:
      return { kind: 'ed25519', point: bytes, ...common };
    default:
      return { kind: 'other', ...common };
  }
}

/** RSAPublicKey (RFC 8017 Appendix A.1.1). */
function readRsa(bytes: Buffer) {
  const key = openWhole(bytes);
  const numbers = [key.read(TAG.integer), key.read(TAG.integer)];
  key.end();
  if (numbers.some(({ content }) => content.length > MODULUS_OCTETS_MAX)) {
    throw new PkiError('key-malformed', `RSA number of more than ${MODULUS_OCTETS_MAX} octets`);
  }
  const [modulus, publicExponent] = numbers.map(bigintOf);
  if (modulus <= 0n || publicExponent <= 0n)
    throw new PkiError('key-malformed', 'RSA number is not positive');
  return { kind: 'rsa', modulus, publicExponent, modulusBits: modulus.toString(2).length } as const;
}

/** ECParameters is a choice of which PKIX allows namedCurve only (RFC 5480 §2.1.1). */
function namedCurveOf(identifier: Cursor): string | undefined {
  return identifier.peek() === TAG.oid ? oidOf(identifier.read(TAG.oid)) : undefined;
}
