import * as asn1 from '../der/encode.ts';
import { CMS } from '../oid.ts';

/** A certs-only SignedData (RFC 5652 §5.1, the `.p7c` of RFC 5280 §4.2.2.1): certificates, no content, no signers. */
export function encodeCertificatesOnly(certificates: readonly Uint8Array[]): Buffer {
  const signedData = asn1.sequence(
    asn1.integer(1),
    asn1.setOf(),
    asn1.sequence(asn1.oid(CMS.data)),
    asn1.implicit(0, asn1.setOf(...certificates)),
    asn1.setOf(),
  );
  return asn1.sequence(asn1.oid(CMS.signedData), asn1.explicit(0, signedData));
}
