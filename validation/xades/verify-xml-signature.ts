import type { KeyObject } from 'node:crypto';

import { canonicalize } from '../../formats/xml/canonicalize.ts';
import { FormatError } from '../../formats/format-error.ts';
import { requiredCanonicalizationOf, schemeOfMethod } from '../../formats/xml/xml-algorithms.ts';
import type { XmlSignature } from '../../formats/xml/xml-signature.ts';
import { verifyXmlSignatureValue } from '../../formats/xml/xml-signature-value.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { SignatureScheme } from '../../pki/signature-algorithm.ts';
import { gravestVerdict } from '../verdict.ts';
import { verdictOf } from '../reason.ts';
import type { Reason } from '../reason.ts';
import type { CryptographicResult } from '../verify-signature.ts';
import { reasonOf } from './check-references.ts';
import type { CheckedReference } from './check-references.ts';

/** Core validation (XML Signature §3.2): the digest of each Reference, then the signature value over SignedInfo. */
export function verifyXmlSignature(
  signature: XmlSignature,
  checked: readonly CheckedReference[],
  certificate: Certificate,
): CryptographicResult {
  const algorithms = algorithmsOf(signature, checked);
  const reasons = [
    ...checked.flatMap((reference) => reference.reasons),
    ...signatureValueReasons(signature, certificate),
  ];
  const gravest = gravestVerdict([verdictOf(reasons)]);
  const verdict =
    gravest?.indication === 'TOTAL-FAILED' ? 'FAILED' : reasons.length > 0 ? 'NOT_CHECKED' : 'PASSED';
  return { verdict, ...(algorithms && { algorithms }), reasons: withoutRepetition(reasons) };
}

/** Undefined when one of them is unknown to us; of several digests the weakest, which is what holds the signature up. */
export function algorithmsOf(
  signature: XmlSignature,
  checked: readonly CheckedReference[],
): { digest: DigestName; scheme: SignatureScheme } | undefined {
  const digests = checked.flatMap(({ digest }) => digest ?? []);
  const digest = WEAKEST_FIRST.find((name) => digests.includes(name));
  try {
    return digest && { digest, scheme: schemeOfMethod(signature.signatureMethod) };
  } catch (cause) {
    reasonOf(cause);
    return undefined;
  }
}

const WEAKEST_FIRST: readonly DigestName[] = ['sha1', 'sha256', 'sha384', 'sha512'];

function signatureValueReasons(signature: XmlSignature, certificate: Certificate): Reason[] {
  const key = keyOf(certificate);
  if (!key) return [{ code: 'algorithm-unsupported', text: "the signer's public key cannot be read" }];
  try {
    if (isSignedWith(signature, key)) return [];
  } catch (cause) {
    return [reasonOf(cause)];
  }
  const text = "the signature value does not verify with the signer's key";
  return [{ code: 'signature-wrong', text }];
}

/** Whether the key made the signature value; throws PkiError `algorithm-unsupported` or FormatError. */
function isSignedWith(signature: XmlSignature, key: KeyObject): boolean {
  const scheme = schemeOfMethod(signature.signatureMethod);
  return verifyXmlSignatureValue(scheme, key, signedInfoOctets(signature), signature.value);
}

const signedInfos = new WeakMap<XmlSignature, Buffer>();

/** Canonical once per signature: plain ones are tried with each certificate. */
function signedInfoOctets(signature: XmlSignature): Buffer {
  let octets = signedInfos.get(signature);
  if (!octets) {
    const method = requiredCanonicalizationOf(signature.canonicalizationMethod);
    octets = canonicalize({ apex: signature.signedInfo }, method);
    signedInfos.set(signature, octets);
  }
  return octets;
}

/** The same for a certificate that may be the signer's; what cannot be read or verified is not. */
export function isSignedByKeyOf(signature: XmlSignature, certificate: Certificate): boolean {
  try {
    return isSignedWith(signature, publicKeyOf(certificate));
  } catch (cause) {
    if (!(cause instanceof PkiError) && !(cause instanceof FormatError)) throw cause;
    return false;
  }
}

function keyOf(certificate: Certificate): KeyObject | undefined {
  try {
    return publicKeyOf(certificate);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return undefined;
  }
}

/** A thousand References may all miss the same. */
function withoutRepetition(reasons: readonly Reason[]): Reason[] {
  const seen = new Map(reasons.map((reason) => [`${reason.code} ${reason.text}`, reason]));
  return [...seen.values()];
}
