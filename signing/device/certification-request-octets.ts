import { TAG, bitString, context, element, octetsOf, sequence } from './der-octets.ts';
import { ECDSA_WITH_SHA256, ecdsaSignatureValue } from './ecdsa-signature-value.ts';

// The PKCS#10 that a phone makes of a new key: the CA takes the key and the proof, and the name from the office's file.

/** What the new key signs: CertificationRequestInfo without attributes (RFC 2986 §4.1), named `CN=phone`. */
export function certificationRequestInfo(subjectPublicKeyInfo: Uint8Array): Uint8Array {
  return sequence(VERSION_0, SUBJECT, subjectPublicKeyInfo, element(context(0)));
}

/** The request, DER; the value is ECDSA with SHA-256 as WebCrypto gives it. */
export function certificationRequest(info: Uint8Array, signatureValue: Uint8Array): Uint8Array {
  return sequence(info, sequence(ECDSA_WITH_SHA256), bitString(ecdsaSignatureValue(signatureValue)));
}

const VERSION_0 = octetsOf('020100');
const COMMON_NAME = octetsOf('0603550403');
const SUBJECT = sequence(
  element(TAG.set, sequence(COMMON_NAME, element(TAG.utf8String, new TextEncoder().encode('phone')))),
);
