import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { CertificateReference, PresentedSignature, SignatureInput } from '../presented-signature.ts';
import type { Reason } from '../reason.ts';
import { reasonOf } from './check-references.ts';
import { signingCertificateHashes } from '../../formats/xml/qualifying-properties.ts';
import type { QualifyingProperties } from '../../formats/xml/qualifying-properties.ts';

export type SigningCertificate = Pick<PresentedSignature, 'signingCertificate' | 'bindsCertificate'>;

export interface CertificateFacts extends Pick<SignatureInput, 'signingCertificateReference'> {
  /** Those of KeyInfo first, which is where a signer's stands. */
  candidates: readonly Certificate[];
  properties: QualifyingProperties | undefined;
  /** The only certificate of a KeyInfo that a Reference signs. */
  signedKeyInfo: Certificate | undefined;
  /** Whether its key verifies the signature value. */
  verifies(certificate: Certificate): boolean;
}

/**
 * The signer's certificate: the one with the signed hash (ETSI EN 319 132-1 §5.2.2), or the one of a signed KeyInfo; else, in plain
 * XML signatures, the first whose key made the signature value.
 */
export function findSigningCertificate(facts: CertificateFacts): SigningCertificate {
  let references: CertificateReference[];
  try {
    references = facts.properties ? signingCertificateHashes(facts.properties) : [];
  } catch (cause) {
    const { text } = reasonOf(cause);
    return refused('signing-certificate-differs', `SigningCertificate: ${text}`);
  }
  if (references.length > 0) return boundBy(references, facts.candidates);
  if (facts.signedKeyInfo)
    return { signingCertificate: { certificate: facts.signedKeyInfo, reasons: [] }, bindsCertificate: true };
  return unbound(facts);
}

function boundBy(
  references: readonly CertificateReference[],
  candidates: readonly Certificate[],
): SigningCertificate {
  const certificate = candidates.find(({ bytes }) =>
    references.every((reference) => digest(reference.digest, bytes).equals(reference.hash)),
  );
  if (certificate) return { signingCertificate: { certificate, reasons: [] }, bindsCertificate: true };
  return candidates.length === 0
    ? missing()
    : refused('signing-certificate-differs', 'the signed certificate hash belongs to another certificate');
}

function unbound({
  candidates,
  verifies,
  signingCertificateReference,
}: CertificateFacts): SigningCertificate {
  const certificate = candidates.find(verifies) ?? candidates.at(0);
  if (!certificate) return missing();
  const required = signingCertificateReference === 'required';
  const code = required ? 'signing-certificate-unbound' : 'signing-certificate-unbound-accepted';
  const text = 'nothing that is signed binds the signature to its certificate (SigningCertificateV2)';
  return { signingCertificate: { certificate, reasons: [{ code, text }] }, bindsCertificate: false };
}

function missing(): SigningCertificate {
  return refused('signing-certificate-missing', "the signer's certificate is not embedded in the signature");
}

function refused(code: Reason['code'], text: string): SigningCertificate {
  return { signingCertificate: { reasons: [{ code, text }] }, bindsCertificate: false };
}
