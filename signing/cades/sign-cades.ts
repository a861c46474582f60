import type { Signer } from '../../keys/signer.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { encodeAttribute } from '../../pki/cms/attribute.ts';
import { encodeSignedAttributes, encodeSignedData } from '../../pki/cms/encode-signed-data.ts';
import { signingCertificateV2Attribute } from '../../pki/cms/signing-certificate-reference.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { digest, digestIdentifier } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import { SIGNATURE_SCHEMES, signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { SigningError } from '../signing-error.ts';

export interface CadesRequest {
  /** The exact octets that are signed. */
  content: Uint8Array;
  /** True: the content stays outside of the signature. */
  detached?: boolean;
  signer: Signer;
  /** The signer's certificate; its key is the signer's. */
  certificate: Certificate;
  /** Issuers to embed beside it, in any order; the root may be left out. */
  chain?: readonly Certificate[];
  /** What the signer claims; level B-B asks for it (ETSI EN 319 122-1 §6.3), containers with a time of their own leave it out. */
  signingTime?: Date;
  /** Media type of the content, e.g. `application/fhir+xml`. */
  mimeType?: string;
}

/**
 * Signs content as CAdES baseline B-B (ETSI EN 319 122-1 §6): a CMS SignedData in DER with the content type, the message
 * digest and signing-certificate-v2 among the signed attributes.
 * Throws SigningError `signer-certificate-mismatch`; what the signer rejects with passes through.
 */
export async function signCades(request: CadesRequest): Promise<Buffer> {
  const { content, signer, certificate } = request;
  if (!signer.subjectPublicKeyInfo.equals(certificate.subjectPublicKeyInfo)) {
    throw new SigningError(
      'signer-certificate-mismatch',
      'the certificate does not belong to the signing key',
    );
  }
  const digestName = contentDigestOf(signer);
  const signedAttributes = attributesOf(request, digest(digestName, content));
  const signature = await signer.sign(encodeSignedAttributes(signedAttributes));
  return encodeSignedData({
    ...(request.detached ? {} : { content }),
    certificates: [certificate, ...(request.chain ?? [])].map(({ bytes }) => bytes),
    signerInfos: [
      {
        certificate,
        digestAlgorithm: digestIdentifier(digestName),
        signedAttributes,
        signatureAlgorithm: signatureAlgorithmIdentifier(signer.algorithm),
        signature,
      },
    ],
  });
}

/** Schemes that hash by themselves take SHA-512 over the content (RFC 8419 §3.1 for Ed25519, RFC 9882 §3.3 for ML-DSA). */
function contentDigestOf(signer: Signer): DigestName {
  return SIGNATURE_SCHEMES[signer.algorithm].digest ?? 'sha512';
}

function attributesOf(request: CadesRequest, messageDigest: Buffer): Buffer[] {
  const attributes = [
    encodeAttribute(CMS.contentType, asn1.oid(CMS.data)),
    encodeAttribute(CMS.messageDigest, asn1.octetString(messageDigest)),
    signingCertificateV2Attribute(request.certificate),
  ];
  if (request.signingTime) attributes.push(encodeAttribute(CMS.signingTime, asn1.time(request.signingTime)));
  if (request.mimeType) attributes.push(encodeAttribute(CMS.mimeType, asn1.utf8String(request.mimeType)));
  return attributes;
}
