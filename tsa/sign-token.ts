import { encodeAttribute } from '../pki/cms/attribute.ts';
import { encodeSignedAttributes, encodeSignedData } from '../pki/cms/encode-signed-data.ts';
import { signingCertificateV2Attribute } from '../pki/cms/signing-certificate-reference.ts';
import * as asn1 from '../pki/der/encode.ts';
import { digest, digestIdentifier } from '../pki/digest-algorithm.ts';
import { CMS } from '../pki/oid.ts';
import { SIGNATURE_SCHEMES, signatureAlgorithmIdentifier } from '../pki/signature-algorithm.ts';
import type { TimeStampingUnit } from './time-stamping-unit.ts';

/**
 * Signs a TSTInfo in DER as a TimeStampToken: content type, digest and the unit's certificate (RFC 5816) are what is signed.
 * The certificates come along only when they were asked for (RFC 3161 §2.4.1).
 */
export async function signToken(
  { signer, certificate, chain }: TimeStampingUnit,
  tstInfo: Buffer,
  withCertificates: boolean,
): Promise<Buffer> {
  const digestName = SIGNATURE_SCHEMES[signer.algorithm].digest ?? 'sha512';
  const signedAttributes = [
    encodeAttribute(CMS.contentType, asn1.oid(CMS.tstInfo)),
    encodeAttribute(CMS.messageDigest, asn1.octetString(digest(digestName, tstInfo))),
    signingCertificateV2Attribute(certificate),
  ];
  const signature = await signer.sign(encodeSignedAttributes(signedAttributes));
  return encodeSignedData({
    content: tstInfo,
    contentType: CMS.tstInfo,
    certificates: withCertificates ? [certificate, ...chain].map(({ bytes }) => bytes) : [],
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
