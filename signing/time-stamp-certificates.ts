import type { Certificate } from '../pki/certificate.ts';
import type { SignerInfo } from '../pki/cms/signer-info.ts';
import { parseSubjectKeyIdentifier } from '../pki/extensions/key-identifiers.ts';
import { sameName } from '../pki/name.ts';
import { CE } from '../pki/oid.ts';
import { parseTimeStampToken } from '../pki/tsp/time-stamp-token.ts';

/** Certificates that came along with a time-stamp token, and the one whose key made it, where it is among them. */
export interface TimeStampCertificates {
  authority: Certificate | undefined;
  embedded: readonly Certificate[];
}

/** Throws PkiError for a token that cannot be read. */
export function timeStampCertificates(token: Uint8Array): TimeStampCertificates {
  const { certificates, signerInfos } = parseTimeStampToken(token).signedData;
  return {
    authority: certificates.find((certificate) => isNamedBy(signerInfos[0], certificate)),
    embedded: certificates,
  };
}

function isNamedBy({ sid }: SignerInfo, { serialNumber, issuer, extensions }: Certificate): boolean {
  if (sid.kind === 'issuer-and-serial')
    return sid.serialNumber.equals(serialNumber) && sameName(sid.issuer, issuer);
  const extension = extensions.get(CE.subjectKeyIdentifier);
  return extension !== undefined && parseSubjectKeyIdentifier(extension.value).equals(sid.keyIdentifier);
}
