import { randomBytes } from 'node:crypto';

import { escapeAttribute, escapeText } from '../../formats/xml/canonicalize.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { SIGNED_PROPERTIES_TYPE } from '../../formats/xml/qualifying-properties.ts';
import { EXCLUSIVE_CANONICALIZATION, digestUri, signatureUri } from '../../formats/xml/xml-algorithms.ts';
import { certificateFingerprint } from '../../pki/certificate.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { SIGNATURE_SCHEMES } from '../../pki/signature-algorithm.ts';
import type { XadesRequest } from './xades-request.ts';

// The markup of a signature at level B-B (ETSI EN 319 132-1 §6) without its digests and its value. White space is signed too:
// there is none.

/** A Reference to be: what it is to, and how it gets to octets. */
export interface ReferencePlan {
  uri: string;
  transforms: string;
  mediaType: string;
  type?: string;
}

export interface SignaturePlan {
  /** Names that no other part of the document has. */
  names: SignatureNames;
  references: readonly ReferencePlan[];
  /** Object elements with what is signed. */
  objects: string;
}

export interface SignatureNames {
  signature: string;
  value: string;
  signedProperties: string;
  object: string;
  reference(index: number): string;
}

/** Random, for there may be others in the document, made in the same second by the same signer. */
export function newNames(): SignatureNames {
  const mark = randomBytes(16).toString('hex');
  return {
    signature: `id-${mark}`,
    value: `value-${mark}`,
    signedProperties: `xades-${mark}`,
    object: `object-${mark}`,
    reference: (index) => `r-${mark}-${index + 1}`,
  };
}

const EXCLUSIVE = `<ds:Transform Algorithm="${EXCLUSIVE_CANONICALIZATION}"></ds:Transform>`;

export const TRANSFORMS = {
  none: '',
  exclusive: EXCLUSIVE,
  base64: `<ds:Transform Algorithm="${NAMESPACE.signature}base64"></ds:Transform>`,
  enveloped: `<ds:Transform Algorithm="${NAMESPACE.signature}enveloped-signature"></ds:Transform>${EXCLUSIVE}`,
  withoutSignatures:
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">' +
    `<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>${EXCLUSIVE}`,
} as const;

/** Schemes that hash by themselves take SHA-512 for what is hashed before them. */
export function contentDigestOf({ algorithm }: Pick<XadesRequest, 'algorithm'>): DigestName {
  return SIGNATURE_SCHEMES[algorithm].digest ?? 'sha512';
}

export function signatureMarkup(
  request: XadesRequest,
  { names, references, objects }: SignaturePlan,
): string {
  return [
    `<ds:Signature xmlns:ds="${NAMESPACE.signature}" Id="${names.signature}">`,
    signedInfo(request, names, references),
    `<ds:SignatureValue Id="${names.value}"></ds:SignatureValue>`,
    keyInfo(request),
    objects,
    `<ds:Object>${qualifyingProperties(request, names, references)}</ds:Object>`,
    '</ds:Signature>',
  ].join('');
}

function signedInfo(
  request: XadesRequest,
  names: SignatureNames,
  references: readonly ReferencePlan[],
): string {
  const digestMethod = `<ds:DigestMethod Algorithm="${digestUri(contentDigestOf(request))}"></ds:DigestMethod>`;
  const rest = `${digestMethod}<ds:DigestValue></ds:DigestValue></ds:Reference>`;
  return [
    '<ds:SignedInfo>',
    `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE_CANONICALIZATION}"></ds:CanonicalizationMethod>`,
    `<ds:SignatureMethod Algorithm="${signatureUri(request.algorithm)}"></ds:SignatureMethod>`,
    ...references.map(({ uri, transforms, type }, index) => {
      const typed = type === undefined ? '' : ` Type="${type}"`;
      const opening = `<ds:Reference Id="${names.reference(index)}"${typed} URI="${escapeAttribute(uri)}">`;
      return `${opening}${transforms && `<ds:Transforms>${transforms}</ds:Transforms>`}${rest}`;
    }),
    `<ds:Reference Type="${SIGNED_PROPERTIES_TYPE}" URI="#${names.signedProperties}">`,
    `<ds:Transforms>${TRANSFORMS.exclusive}</ds:Transforms>${rest}`,
    '</ds:SignedInfo>',
  ].join('');
}

function keyInfo({ certificate, chain = [] }: XadesRequest): string {
  const certificates = [certificate, ...chain].map(
    ({ bytes }) => `<ds:X509Certificate>${bytes.toString('base64')}</ds:X509Certificate>`,
  );
  return `<ds:KeyInfo><ds:X509Data>${certificates.join('')}</ds:X509Data></ds:KeyInfo>`;
}

function qualifyingProperties(
  { certificate, signingTime }: XadesRequest,
  names: SignatureNames,
  references: readonly ReferencePlan[],
): string {
  const formats = references.map(
    ({ mediaType }, index) =>
      `<xades:DataObjectFormat ObjectReference="#${names.reference(index)}">` +
      `<xades:MimeType>${escapeText(mediaType)}</xades:MimeType></xades:DataObjectFormat>`,
  );
  return [
    `<xades:QualifyingProperties xmlns:xades="${NAMESPACE.xades}" Target="#${names.signature}">`,
    `<xades:SignedProperties Id="${names.signedProperties}">`,
    '<xades:SignedSignatureProperties>',
    `<xades:SigningTime>${signingTime.toISOString().replace(/\.\d+Z$/, 'Z')}</xades:SigningTime>`,
    '<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>',
    `<ds:DigestMethod Algorithm="${digestUri('sha256')}"></ds:DigestMethod>`,
    `<ds:DigestValue>${certificateFingerprint(certificate).toString('base64')}</ds:DigestValue>`,
    '</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>',
    '</xades:SignedSignatureProperties>',
    `<xades:SignedDataObjectProperties>${formats.join('')}</xades:SignedDataObjectProperties>`,
    '</xades:SignedProperties></xades:QualifyingProperties>',
  ].join('');
}
