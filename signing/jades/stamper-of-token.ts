import type { Certificate } from '../../pki/certificate.ts';
import type { SignerIdentifier } from '../../pki/cms/signer-info.ts';
import { parseSubjectKeyIdentifier } from '../../pki/extensions/key-identifiers.ts';
import { sameName } from '../../pki/name.ts';
import { CE } from '../../pki/oid.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { SigningError } from '../signing-error.ts';

/**
 * The certificate that made a time-stamp token, and all that the token carries. Throws PkiError as `parseTimeStampToken`, and SigningError
 * `augmentation-not-possible` for a token without it.
 */
export function stamperOf(token: Uint8Array): { certificate: Certificate; embedded: readonly Certificate[] } {
  const { certificates, signerInfos } = parseTimeStampToken(token).signedData;
  const certificate = certificates.find((one) => signerInfos.some(({ sid }) => isNamedBy(sid, one)));
  if (!certificate)
    throw new SigningError(
      'augmentation-not-possible',
      'a time stamp does not carry the certificate of its authority',
    );
  return { certificate, embedded: certificates };
}

function isNamedBy(sid: SignerIdentifier, certificate: Certificate): boolean {
  if (sid.kind === 'issuer-and-serial')
    return sid.serialNumber.equals(certificate.serialNumber) && sameName(sid.issuer, certificate.issuer);
  const extension = certificate.extensions.get(CE.subjectKeyIdentifier);
  return extension !== undefined && parseSubjectKeyIdentifier(extension.value).equals(sid.keyIdentifier);
}
