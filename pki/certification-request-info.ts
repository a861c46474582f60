import * as asn1 from './der/encode.ts';
import { encodeName } from './name.ts';
import type { NameTemplate } from './name.ts';

/** What the key of a PKCS#10 request signs: CertificationRequestInfo without attributes (RFC 2986 §4.1), DER. */
export function encodeCertificationRequestInfo(
  subject: NameTemplate,
  subjectPublicKeyInfo: Uint8Array,
): Buffer {
  const version1 = asn1.integer(0);
  const noAttributes = asn1.implicit(0, asn1.setOf());
  return asn1.sequence(version1, encodeName(subject), subjectPublicKeyInfo, noAttributes);
}
