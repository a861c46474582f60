import type { Certificate } from '../certificate.ts';
import { parseSubjectKeyIdentifier } from '../extensions/key-identifiers.ts';
import { sameName } from '../name.ts';
import { CE } from '../oid.ts';
import { PkiError } from '../pki-error.ts';
import { keyIdentifier } from '../public-key.ts';
import type { SignerIdentifier } from './signer-info.ts';

/** Whether a signer's identifier points to a certificate (RFC 5652 §5.3). It is not signed: a signed reference decides. */
export function isNamedBy(sid: SignerIdentifier, certificate: Certificate): boolean {
  if (sid.kind === 'issuer-and-serial') {
    return sid.serialNumber.equals(certificate.serialNumber) && sameName(sid.issuer, certificate.issuer);
  }
  return subjectKeyIdOf(certificate).equals(sid.keyIdentifier);
}

function subjectKeyIdOf(certificate: Certificate): Buffer {
  const extension = certificate.extensions.get(CE.subjectKeyIdentifier);
  try {
    return extension
      ? parseSubjectKeyIdentifier(extension.value)
      : keyIdentifier(certificate.subjectPublicKeyInfo);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return Buffer.alloc(0);
  }
}
