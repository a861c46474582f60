import type { Certificate } from '../certificate.ts';
import * as asn1 from '../der/encode.ts';
import { TAG } from '../der/tag.ts';
import { CMS } from '../oid.ts';

export interface SignerInfoFields {
  /** The signer's certificate: its issuer and serial number become the signer identifier. */
  certificate: Certificate;
  /** AlgorithmIdentifier. */
  digestAlgorithm: Uint8Array;
  /** Encoded attributes (encodeAttribute), in any order; they must include content type and message digest. */
  signedAttributes: readonly Uint8Array[];
  /** AlgorithmIdentifier. */
  signatureAlgorithm: Uint8Array;
  signature: Uint8Array;
}

export interface SignedDataFields {
  /** Absent: detached. */
  content?: Uint8Array;
  /** eContentType; id-data when absent. */
  contentType?: string;
  /** Certificates in DER; a set, so their order is not kept. */
  certificates: readonly Uint8Array[];
  signerInfos: readonly SignerInfoFields[];
}

/** What is signed in place of the content: the signed attributes as a DER SET OF (RFC 5652 §5.4). */
export function encodeSignedAttributes(attributes: readonly Uint8Array[]): Buffer {
  return asn1.setOf(...attributes);
}

/** Encodes a ContentInfo with a SignedData, in DER (RFC 5652 §3, §5.1). */
export function encodeSignedData(fields: SignedDataFields): Buffer {
  const { content, contentType = CMS.data, certificates, signerInfos } = fields;
  const encapContentInfo = content
    ? asn1.sequence(asn1.oid(contentType), asn1.explicit(0, asn1.octetString(content)))
    : asn1.sequence(asn1.oid(contentType));
  const signedData = asn1.sequence(
    contentType === CMS.data ? VERSION_1 : VERSION_3,
    asn1.setOf(...distinct(signerInfos.map((signer) => signer.digestAlgorithm))),
    encapContentInfo,
    ...(certificates.length > 0 ? [asn1.implicit(0, asn1.setOf(...certificates))] : []),
    asn1.setOf(...signerInfos.map(encodeSignerInfo)),
  );
  return asn1.sequence(asn1.oid(CMS.signedData), asn1.explicit(0, signedData));
}

/** Version 1 is right for id-data, X.509 certificates and issuer-and-serial identifiers, 3 for other content (RFC 5652 §5.1, §5.3). */
const VERSION_1 = asn1.integer(1);
const VERSION_3 = asn1.integer(3);

function encodeSignerInfo(fields: SignerInfoFields): Buffer {
  const { issuer, serialNumber } = fields.certificate;
  return asn1.sequence(
    VERSION_1,
    asn1.sequence(issuer.bytes, asn1.element(TAG.integer, serialNumber)),
    fields.digestAlgorithm,
    asn1.implicit(0, encodeSignedAttributes(fields.signedAttributes)),
    fields.signatureAlgorithm,
    asn1.octetString(fields.signature),
  );
}

function distinct(encodings: readonly Uint8Array[]): Buffer[] {
  const byHex = new Map(encodings.map((bytes) => [Buffer.from(bytes).toString('hex'), Buffer.from(bytes)]));
  return [...byHex.values()];
}
