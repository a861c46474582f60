import type { Certificate } from '../../pki/certificate.ts';
import type { SignedData } from '../../pki/cms/signed-data.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import { certificateReferencesOf, refersTo } from '../../pki/cms/signing-certificate-reference.ts';
import { sameName } from '../../pki/name.ts';
import { keyIdentifier } from '../../pki/public-key.ts';

/** The certificate of a SignedData's first signer: the one that it binds by hash, or else the one that it names; nothing is verified. */
export function signerCertificateOf({ certificates, signerInfos }: SignedData): Certificate | undefined {
  const [signer] = signerInfos;
  if (!signer) return undefined;
  const references = certificateReferencesOf(signer.signedAttributes?.list ?? []);
  const isBound = (certificate: Certificate) =>
    references.length > 0 && references.every((reference) => refersTo(reference, certificate));
  return certificates.find(isBound) ?? certificates.find((certificate) => isNamed(signer, certificate));
}

function isNamed({ sid }: SignerInfo, certificate: Certificate): boolean {
  return sid.kind === 'issuer-and-serial'
    ? sid.serialNumber.equals(certificate.serialNumber) && sameName(sid.issuer, certificate.issuer)
    : keyIdentifier(certificate.subjectPublicKeyInfo).equals(sid.keyIdentifier);
}
