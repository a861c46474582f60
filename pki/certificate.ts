import type { KeyObject } from 'node:crypto';

import { Cursor } from './der/decode.ts';
import { TAG, context, contextPrimitive } from './der/tag.ts';
import { assertMinimalInteger, bitOctetsOf, numberOf, timeOf } from './der/values.ts';
import { digest } from './digest-algorithm.ts';
import { readExtensions } from './extension.ts';
import type { Extensions } from './extension.ts';
import { parseName, parseRepeatedName } from './name.ts';
import type { Name } from './name.ts';
import { PkiError } from './pki-error.ts';
import { importPublicKey, importPublicKeyRaw } from './public-key.ts';
import { parseSignatureAlgorithm, verifySignature } from './signature-algorithm.ts';

/** A certificate as read: every part that is hashed or compared is kept as its own bytes (RFC 5280 §4.1). */
export interface Certificate {
  bytes: Buffer;
  tbsCertificate: Buffer;
  version: number;
  /** Contents octets of the serial number: two's complement, as CRLs and CertIDs carry it. */
  serialNumber: Buffer;
  issuer: Name;
  subject: Name;
  notBefore: Date;
  notAfter: Date;
  subjectPublicKeyInfo: Buffer;
  extensions: Extensions;
  /** AlgorithmIdentifier, the one outside the TBS; equal to the one inside. */
  signatureAlgorithm: Buffer;
  signature: Buffer;
}

/** Largest certificate that is read, in octets; real ones stay under 4 KiB. */
export const CERTIFICATE_OCTETS_MAX = 65_536;

/**
 * Reads one DER certificate that fills the input; throws PkiError `certificate-malformed`, `name-malformed` or
 * `der-malformed`. Negative, zero and overlong serial numbers are read (RFC 5280 §4.1.2.2 asks for that).
 */
export function parseCertificate(bytes: Uint8Array): Certificate {
  if (bytes.length > CERTIFICATE_OCTETS_MAX) {
    throw new PkiError('certificate-malformed', `${bytes.length} octets, at most ${CERTIFICATE_OCTETS_MAX}`);
  }
  const input = new Cursor(Buffer.from(bytes));
  const whole = input.read(TAG.sequence);
  input.end();
  const outer = input.open(whole);
  const tbs = outer.read(TAG.sequence);
  const signatureAlgorithm = outer.read(TAG.sequence).bytes;
  const signature = bitOctetsOf(outer.read(TAG.bitString));
  outer.end();
  const fields = readTbs(outer.open(tbs), signatureAlgorithm);
  return { bytes: whole.bytes, tbsCertificate: tbs.bytes, ...fields, signatureAlgorithm, signature };
}

export function serialHex(certificate: { serialNumber: Uint8Array }): string {
  return Buffer.from(certificate.serialNumber).toString('hex');
}

/** SHA-256 over the whole certificate. */
export function certificateFingerprint(certificate: { bytes: Uint8Array }): Buffer {
  return digest('sha256', certificate.bytes);
}

const publicKeys = new WeakMap<Certificate, KeyObject>();

/** The subject's public key, imported once per certificate. */
export function publicKeyOf(certificate: Certificate): KeyObject {
  let key = publicKeys.get(certificate);
  if (!key) {
    key = importPublicKey(certificate.subjectPublicKeyInfo);
    publicKeys.set(certificate, key);
  }
  return key;
}

/** Imports the key that `publicKeyOf` gives, the quicker way that takes a promise. Throws PkiError `key-malformed`. */
export async function preparePublicKey(certificate: Certificate): Promise<void> {
  if (!publicKeys.has(certificate))
    publicKeys.set(certificate, await importPublicKeyRaw(certificate.subjectPublicKeyInfo));
}

/**
 * Whether the issuer's key verifies the certificate's signature; says nothing of names, dates or constraints.
 * Throws PkiError `algorithm-unsupported` or `der-malformed`.
 */
export function isSignedBy(certificate: Certificate, issuerKey: KeyObject): boolean {
  const scheme = parseSignatureAlgorithm(certificate.signatureAlgorithm);
  return verifySignature(scheme, issuerKey, certificate.tbsCertificate, certificate.signature);
}

function readTbs(tbs: Cursor, outerAlgorithm: Buffer) {
  const versionField = tbs.intoOptional(context(0));
  const version = versionField ? numberOf(versionField.read(TAG.integer)) : 0;
  versionField?.end();
  if (version < 0 || version > 2) throw new PkiError('certificate-malformed', `version field ${version}`);
  const serialNumber = tbs.read(TAG.integer).content;
  assertMinimalInteger(serialNumber);
  if (!tbs.read(TAG.sequence).bytes.equals(outerAlgorithm)) {
    throw new PkiError('certificate-malformed', 'the two signature algorithms differ (RFC 5280 §4.1.1.2)');
  }
  const issuer = parseRepeatedName(tbs.read(TAG.sequence).bytes);
  const validity = tbs.into(TAG.sequence);
  const notBefore = timeOf(validity.next());
  const notAfter = timeOf(validity.next());
  validity.end();
  const subject = parseName(tbs.read(TAG.sequence).bytes);
  const subjectPublicKeyInfo = tbs.read(TAG.sequence).bytes;
  tbs.readOptional(contextPrimitive(1));
  tbs.readOptional(contextPrimitive(2));
  const wrapped = tbs.intoOptional(context(3));
  const extensions = wrapped ? readExtensions(wrapped.into(TAG.sequence)) : new Map();
  wrapped?.end();
  tbs.end();
  if (wrapped && version !== 2)
    throw new PkiError('certificate-malformed', 'extensions in a certificate before version 3');
  return { version, serialNumber, issuer, subject, notBefore, notAfter, subjectPublicKeyInfo, extensions };
}
