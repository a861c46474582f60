import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { ALG } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { importPublicKey } from '../../pki/public-key.ts';
import { KeyError } from '../key-error.ts';
import { CKA, CKK, CKO } from './constants.ts';
import type { Cryptoki, Handle } from './cryptoki.ts';
import { attributeOf, findObjects } from './token-objects.ts';

type Attribute = (type: number) => Buffer | undefined;

/**
 * SubjectPublicKeyInfo (DER) of a private key on the token: from the public key object of the same CKA_ID, else from the
 * private key itself, which for RSA knows its modulus, else from the certificate of the same CKA_ID, as cards keep it.
 * Throws KeyError `key-not-found`. That the two keys belong together is for the signer to prove.
 */
export function readPublicKey(cryptoki: Cryptoki, session: Handle, privateKey: Handle): Buffer {
  const attributes =
    (object: Handle): Attribute =>
    (type) =>
      attributeOf(cryptoki, session, object, type);
  const id = attributes(privateKey)(CKA.id);
  const siblings = (objectClass: number): Handle[] =>
    id ? findObjects(cryptoki, session, { class: objectClass, id }) : [];
  try {
    const found =
      firstOf([...siblings(CKO.publicKey), privateKey], (object) => encodePublicKey(attributes(object))) ??
      firstOf(siblings(CKO.certificate), (object) => certifiedKey(attributes(object)));
    if (found) {
      importPublicKey(found);
      return found;
    }
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new KeyError('key-not-found', 'the public key on the token cannot be read', { cause });
  }
  throw new KeyError(
    'key-not-found',
    'the token has the private key, but no public key or certificate of the same id',
  );
}

function firstOf<T, U>(items: readonly T[], read: (item: T) => U | undefined): U | undefined {
  for (const item of items) {
    const value = read(item);
    if (value !== undefined) return value;
  }
  return undefined;
}

function certifiedKey(attribute: Attribute): Buffer | undefined {
  const certificate = attribute(CKA.value);
  return certificate && parseCertificate(certificate).subjectPublicKeyInfo;
}

/** From CKA_MODULUS and CKA_PUBLIC_EXPONENT, or from CKA_EC_PARAMS and CKA_EC_POINT; undefined where these are missing. */
function encodePublicKey(attribute: Attribute): Buffer | undefined {
  const keyType = attribute(CKA.keyType)?.readUInt32LE();
  if (keyType === CKK.rsa) return encodeRsa(attribute(CKA.modulus), attribute(CKA.publicExponent));
  const point = attribute(CKA.ecPoint);
  const parameters = attribute(CKA.ecParams);
  if (!point) return undefined;
  if (keyType === CKK.ecEdwards) {
    return asn1.sequence(asn1.sequence(asn1.oid(ALG.ed25519)), asn1.bitString(bareEd25519(point)));
  }
  if (keyType !== CKK.ec || !parameters) return undefined;
  return asn1.sequence(
    asn1.sequence(asn1.oid(ALG.ecPublicKey), parameters),
    asn1.bitString(bareEcPoint(point)),
  );
}

function encodeRsa(modulus: Buffer | undefined, publicExponent: Buffer | undefined): Buffer | undefined {
  if (!modulus || !publicExponent) return undefined;
  const key = asn1.sequence(asn1.integer(modulus), asn1.integer(publicExponent));
  return asn1.sequence(asn1.sequence(asn1.oid(ALG.rsaEncryption), asn1.NULL), asn1.bitString(key));
}

const UNCOMPRESSED = 0x04;
const ED25519_OCTETS = 32;

/** CKA_EC_POINT is an OCTET STRING around the point (PKCS #11, EC public key objects); older modules give the bare point, of odd length. */
function bareEcPoint(point: Buffer): Buffer {
  return point[0] === UNCOMPRESSED && point.length % 2 === 1 && point[1] !== point.length - 2
    ? point
    : unwrapped(point);
}

function bareEd25519(point: Buffer): Buffer {
  return point.length === ED25519_OCTETS ? point : unwrapped(point);
}

function unwrapped(point: Buffer): Buffer {
  const input = openWhole(asn1.sequence(point));
  const { content } = input.read(TAG.octetString);
  input.end();
  return content;
}
