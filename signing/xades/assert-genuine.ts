import { canonicalize } from '../../formats/xml/canonicalize.ts';
import { keyInfoCertificates } from '../../formats/xml/embedded-material.ts';
import { signingCertificateHashes } from '../../formats/xml/qualifying-properties.ts';
import { resolveReference } from '../../formats/xml/resolve-reference.ts';
import type { StampedSignature } from '../../formats/xml/xades-imprints.ts';
import {
  digestOfMethod,
  requiredCanonicalizationOf,
  schemeOfMethod,
} from '../../formats/xml/xml-algorithms.ts';
import { verifyXmlSignatureValue } from '../../formats/xml/xml-signature-value.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { SigningError } from '../signing-error.ts';

/**
 * Throws SigningError `augmentation-not-possible` for a signature that is wrong: a time stamp over it would make it no better. What
 * is signed outside and was not handed in is not looked at.
 */
export function assertGenuine(stamped: StampedSignature): void {
  const { signature, context } = stamped;
  for (const reference of signature.references) {
    const resolved = resolveReference(reference, context);
    const name = digestOfMethod(reference.digestMethod);
    if (resolved && !digest(name, resolved.octets).equals(reference.digestValue))
      throw notPossible('what is signed was changed');
  }
  const method = requiredCanonicalizationOf(signature.canonicalizationMethod);
  const octets = canonicalize({ apex: signature.signedInfo }, method);
  const key = publicKeyOf(signerOf(stamped));
  if (!verifyXmlSignatureValue(schemeOfMethod(signature.signatureMethod), key, octets, signature.value))
    throw notPossible("the signature value does not verify with the signer's key");
}

/** The certificate that the signature binds itself to; throws SigningError `augmentation-not-possible` where it is not there. */
export function signerOf({ signature, properties }: StampedSignature): Certificate {
  const hashes = signingCertificateHashes(properties);
  const certificates = keyInfoCertificates(signature.keyInfo);
  const signer = certificates.find(({ bytes }) =>
    hashes.every((reference) => digest(reference.digest, bytes).equals(reference.hash)),
  );
  if (!signer) throw notPossible("the signer's certificate is not in the signature");
  return signer;
}

function notPossible(detail: string): SigningError {
  return new SigningError('augmentation-not-possible', detail);
}
