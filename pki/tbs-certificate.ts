import * as asn1 from './der/encode.ts';
import { encodeExtension } from './extension.ts';
import type { Extension } from './extension.ts';

export interface TbsCertificateFields {
  /** Big-endian magnitude, 16 to 20 octets; a 20th octet needs its top bit clear (RFC 5280 §4.1.2.2). */
  serialNumber: Uint8Array;
  /** AlgorithmIdentifier of the signature to come. */
  signatureAlgorithm: Uint8Array;
  /** Encoded Name of the issuer: copied byte for byte from the issuer's certificate (RFC 5280 §4.1.2.4). */
  issuer: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  subject: Uint8Array;
  subjectPublicKeyInfo: Uint8Array;
  extensions: readonly Extension[];
}

/** Encodes a version 3 TBSCertificate (RFC 5280 §4.1); a list of extensions is never empty, so none are left out. */
export function encodeTbsCertificate(fields: TbsCertificateFields): Buffer {
  const extensions = fields.extensions.map(encodeExtension);
  return asn1.sequence(
    VERSION_3,
    asn1.integer(fields.serialNumber),
    fields.signatureAlgorithm,
    fields.issuer,
    asn1.sequence(asn1.time(fields.notBefore), asn1.time(fields.notAfter)),
    fields.subject,
    fields.subjectPublicKeyInfo,
    ...(extensions.length > 0 ? [asn1.explicit(3, asn1.sequence(...extensions))] : []),
  );
}

/** Joins signed bytes, algorithm and signature: the outer SEQUENCE of certificates, CRLs, requests and OCSP responses. */
export function encodeSigned(tbs: Uint8Array, signatureAlgorithm: Uint8Array, signature: Uint8Array): Buffer {
  return asn1.sequence(tbs, signatureAlgorithm, asn1.bitString(signature));
}

const VERSION_3 = asn1.explicit(0, asn1.integer(2));
