import type { Certificate } from '../certificate.ts';
import * as asn1 from '../der/encode.ts';
import { openWhole } from '../der/decode.ts';
import type { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import { digest, digestOfOid } from '../digest-algorithm.ts';
import type { DigestName } from '../digest-algorithm.ts';
import { CMS } from '../oid.ts';
import { encodeAttribute, valuesOf } from './attribute.ts';
import type { CmsAttribute } from './attribute.ts';
import { BerReader } from './ber-reader.ts';

/** The hash by which a signer binds the signature to one certificate (RFC 5035 §5.4.1). */
export interface CertificateReference {
  digest: DigestName;
  certHash: Buffer;
}

/** signing-certificate-v2 with SHA-256, which is the default and so not written; the SignerInfo names issuer and serial. */
export function signingCertificateV2Attribute(certificate: { bytes: Uint8Array }): Buffer {
  const essCertIdV2 = asn1.sequence(asn1.octetString(digest('sha256', certificate.bytes)));
  return encodeAttribute(CMS.signingCertificateV2, asn1.sequence(asn1.sequence(essCertIdV2)));
}

/**
 * What signing-certificate and signing-certificate-v2 say of the signer's certificate: the first entry of each, the
 * others name its issuers. Issuer and serial are a hint (ETSI EN 319 122-1 §5.2.2) and passed over.
 * Throws PkiError `der-malformed`, or `algorithm-unsupported` for a digest that we do not know.
 */
export function certificateReferencesOf(attributes: readonly CmsAttribute[]): CertificateReference[] {
  return [
    ...valuesOf(attributes, CMS.signingCertificate).map((value) => readReference(value, 'sha1')),
    ...valuesOf(attributes, CMS.signingCertificateV2).map((value) => readReference(value, undefined)),
  ];
}

export function refersTo(reference: CertificateReference, certificate: Certificate): boolean {
  return digest(reference.digest, certificate.bytes).equals(reference.certHash);
}

/** ESSCertID has a fixed digest; ESSCertIDv2 says its own, SHA-256 when it does not. */
function readReference(value: Buffer, fixed: DigestName | undefined): CertificateReference {
  const first = openWhole(value, TAG.sequence, 'ber').into(TAG.sequence).into(TAG.sequence);
  const algorithm = fixed ? undefined : first.intoOptional(TAG.sequence);
  return { digest: fixed ?? digestOf(algorithm), certHash: new BerReader(first.rest).readOctets() };
}

function digestOf(algorithm: Cursor | undefined): DigestName {
  return algorithm ? digestOfOid(oidOf(algorithm.read(TAG.oid))) : 'sha256';
}
