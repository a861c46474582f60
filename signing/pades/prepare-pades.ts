import { findSignatures } from '../../formats/pdf/find-signatures.ts';
import type { FormField } from '../../formats/pdf/form-fields.ts';
import { PADES_SUB_FILTER } from '../../formats/pdf/contents-kind.ts';
import { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { PdfName, PdfString, dictionaryOf } from '../../formats/pdf/pdf-value.ts';
import type { PdfDictionary, PdfReference, PdfValue } from '../../formats/pdf/pdf-value.ts';
import { encodeDate, encodeText } from '../../formats/pdf/text-string.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { encodeAttribute } from '../../pki/cms/attribute.ts';
import { signingCertificateV2Attribute } from '../../pki/cms/signing-certificate-reference.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import { SIGNATURE_SCHEMES } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { SigningError } from '../signing-error.ts';
import { addSignatureField } from './add-signature-field.ts';
import type { Appearance } from './appearance.ts';
import { BYTE_RANGE_PLACEHOLDER, coveredParts } from './reserved-contents.ts';
import type { ReservedContents } from './reserved-contents.ts';

export interface PadesRequest {
  /** A PDF, signed or not. */
  document: Uint8Array;
  /** The signer's certificate. */
  certificate: Certificate;
  /** Issuers to embed beside it; the root may be left out. */
  chain?: readonly Certificate[];
  /** What the key signs with. */
  algorithm: SignatureAlgorithmName;
  /** What the signer claims (M). */
  signingTime: Date;
  /** Name of an empty signature field, or of the one to be made. */
  fieldName?: string;
  reason?: string;
  location?: string;
  /** Absent: the signature is not seen on any page. */
  appearance?: Appearance;
  /** Certifies the document, which only its first signature can: 1 nothing may change, 2 filling in, 3 annotations too. */
  certification?: 1 | 2 | 3;
  /** Octets for the CMS with its time stamp; enough for a chain of RSA certificates when it is left out. */
  reservedOctets?: number;
}

/** What a revision is made of, whoever signs it. */
export type PadesRevision = Omit<PadesRequest, 'certificate' | 'chain' | 'algorithm'> & {
  reservedOctets: number;
};

/** A document that waits for the signature of these attributes, and what it takes to put it together. */
export interface PreparedPades extends Pick<PadesRequest, 'certificate' | 'chain' | 'algorithm'> {
  contents: ReservedContents;
  digest: DigestName;
  /** Encoded, each alone. */
  signedAttributes: readonly Buffer[];
}

/** Signature, attributes and a time-stamp token with its certificates; what certificates come along is added. */
const RESERVED_OCTETS_LEAST = 16_384;

/**
 * Prepares a PAdES signature of level B-B (ETSI EN 319 142-1 §6.3): a revision with its field, and the attributes to be signed:
 * content type, message digest, signing-certificate-v2, and no signing-time, which stands in the dictionary.
 * Throws FormatError for what is no PDF that can be signed, and SigningError `signature-not-permitted` or `document-format`.
 */
export function preparePades({ certificate, chain, algorithm, ...revision }: PadesRequest): PreparedPades {
  const certificates = [certificate, ...(chain ?? [])];
  const reservedOctets =
    revision.reservedOctets ??
    RESERVED_OCTETS_LEAST + certificates.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const contents = reserveSignature({ ...revision, reservedOctets });
  return prepareReserved(contents, { certificate, ...(chain && { chain }), algorithm });
}

/** The revision alone, before anybody knows who will sign it; throws as preparePades does. */
export function reserveSignature(revision: PadesRevision): ReservedContents {
  const file = new PdfFile(revision.document);
  assertPermitted(file, revision);
  return addSignatureField(file, {
    namePrefix: 'Signature',
    ...(revision.fieldName !== undefined && { name: revision.fieldName }),
    ...(revision.appearance && { appearance: revision.appearance }),
    signature: (field) => signatureDictionary(revision, field),
    catalog: (signature) => certificationOf(revision, signature),
  });
}

/** What its signer has to sign of a revision. */
export function prepareReserved(
  contents: ReservedContents,
  { certificate, chain, algorithm }: Pick<PadesRequest, 'certificate' | 'chain' | 'algorithm'>,
): PreparedPades {
  // Schemes that hash by themselves take SHA-512 over the content (RFC 8419 §3.1).
  const digestName = SIGNATURE_SCHEMES[algorithm].digest ?? 'sha512';
  const signedAttributes = [
    encodeAttribute(CMS.contentType, asn1.oid(CMS.data)),
    encodeAttribute(CMS.messageDigest, asn1.octetString(digest(digestName, ...coveredParts(contents)))),
    signingCertificateV2Attribute(certificate),
  ];
  return { contents, certificate, ...(chain && { chain }), algorithm, digest: digestName, signedAttributes };
}

function assertPermitted(file: PdfFile, { certification }: PadesRevision): void {
  const signatures = findSignatures(file);
  if (signatures.some(({ dictionary }) => dictionary.permissions.certification === 1))
    throw new SigningError('signature-not-permitted', 'whoever certified the PDF permits no more signatures');
  if (certification && signatures.length > 0)
    throw new SigningError('signature-not-permitted', 'only the first signature of a PDF can certify it');
}

function signatureDictionary(request: PadesRevision, field: FormField | undefined): PdfDictionary {
  const references = [
    ...(request.certification ? [certificationTransform(request.certification)] : []),
    ...lockTransforms(field),
  ];
  return dictionaryOf({
    Type: new PdfName('Sig'),
    Filter: new PdfName('Adobe.PPKLite'),
    SubFilter: new PdfName(PADES_SUB_FILTER),
    ByteRange: BYTE_RANGE_PLACEHOLDER,
    Contents: new PdfString(Buffer.alloc(request.reservedOctets), true),
    M: encodeDate(request.signingTime),
  }).with({
    Reason: request.reason === undefined ? null : encodeText(request.reason),
    Location: request.location === undefined ? null : encodeText(request.location),
    Reference: references.length > 0 ? references : null,
  });
}

/** ISO 32000-1 §12.8.4: the catalog points to the certifying signature. */
function certificationOf(
  { certification }: PadesRevision,
  signature: PdfReference,
): Record<string, PdfValue> {
  return certification ? { Perms: dictionaryOf({ DocMDP: signature }) } : {};
}

function certificationTransform(permission: 1 | 2 | 3): PdfDictionary {
  return transform('DocMDP', dictionaryOf({ P: permission }));
}

/** What the field's author wants locked when it is signed (Table 232): the signature has to say it, or nobody holds to it. */
function lockTransforms(field: FormField | undefined): PdfDictionary[] {
  const lock = field?.lock;
  if (!lock) return [];
  const fields = lock.action === 'All' ? null : lock.fields.map(encodeText);
  return [transform('FieldMDP', dictionaryOf({ Action: new PdfName(lock.action) }).with({ Fields: fields }))];
}

function transform(method: string, parameters: PdfDictionary): PdfDictionary {
  return dictionaryOf({
    Type: new PdfName('SigRef'),
    TransformMethod: new PdfName(method),
    TransformParams: parameters.with({
      Type: new PdfName('TransformParams'),
      V: new PdfName('1.2'),
    }),
  });
}
