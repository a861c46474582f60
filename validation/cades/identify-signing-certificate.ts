import type { Certificate } from '../../pki/certificate.ts';
import { isNamedBy } from '../../pki/cms/is-named-by.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import { certificateReferencesOf, refersTo } from '../../pki/cms/signing-certificate-reference.ts';
import type { CertificateReference } from '../../pki/cms/signing-certificate-reference.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { ValidationPolicy } from '../policy.ts';
import type { Reason } from '../reason.ts';

export interface Identification {
  /** Undefined: no certificate can be taken for the signer's; then there is a reason. */
  certificate: Certificate | undefined;
  reasons: Reason[];
}

/**
 * Finds the signer's certificate among the embedded ones (ETSI EN 319 102-1 §5.2.3): the signer identifier points to it,
 * and the signed hash of signing-certificate(-v2) decides, since the identifier is not signed.
 */
export function identifySigningCertificate(
  signer: SignerInfo,
  embedded: readonly Certificate[],
  policy: Pick<ValidationPolicy, 'signingCertificateReference'>,
): Identification {
  const pointedTo = embedded.filter((certificate) => isNamedBy(signer.sid, certificate));
  if (pointedTo.length === 0) {
    return refused(
      'signing-certificate-missing',
      "the signer's certificate is not embedded in the signature",
    );
  }
  let references: CertificateReference[];
  try {
    references = certificateReferencesOf(signer.signedAttributes?.list ?? []);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return refused('signing-certificate-differs', `signing-certificate attribute: ${cause.detail}`);
  }
  if (references.length === 0) return unbound(pointedTo[0], policy);
  const bound = pointedTo.find((certificate) =>
    references.every((reference) => refersTo(reference, certificate)),
  );
  if (bound) return { certificate: bound, reasons: [] };
  return refused('signing-certificate-differs', 'the signed certificate hash belongs to another certificate');
}

function unbound(
  certificate: Certificate,
  policy: Pick<ValidationPolicy, 'signingCertificateReference'>,
): Identification {
  const text = 'no signed attribute binds the signature to its certificate (signing-certificate-v2)';
  const required = policy.signingCertificateReference === 'required';
  const code = required ? 'signing-certificate-unbound' : 'signing-certificate-unbound-accepted';
  return { certificate, reasons: [{ code, text }] };
}

function refused(code: Reason['code'], text: string): Identification {
  return { certificate: undefined, reasons: [{ code, text }] };
}
