import type { Certificate } from '../../pki/certificate.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { ALG } from '../../pki/oid.ts';
import type { SignatureFormat } from '../assemble-signature.ts';
import type { Session } from '../sessions/session.ts';
import { attachContent } from './attach-content.ts';
import { CscError, invalidParameter } from './csc-error.ts';
import { signatureAlgorithmsOf } from './describe-credential.ts';
import { base64Octets, hashOf } from './read-signing-request.ts';

type EnvelopeProperty = 'Attached' | 'Detached';

/** Letters of the specification for the formats that phones sign (§11.11), and what each can envelop. */
export const CSC_FORMATS: Readonly<
  Record<string, { format: SignatureFormat; properties: readonly EnvelopeProperty[] }>
> = {
  C: { format: 'cades', properties: ['Attached', 'Detached'] },
  J: { format: 'jades', properties: ['Attached'] },
};

/** How long an answer can be fetched. */
export const ANSWER_MILLISECONDS_MAX = 24 * 3600 * 1000;

export const CONFORMANCE_LEVELS = ['Ades-B-B'];

/** How a document is to be signed; the names are those of §11.11. */
interface SignatureWish {
  signature_format: string;
  conformance_level?: string;
  signAlgo: string;
  signAlgoParams?: string;
  signed_envelope_property?: string;
  signed_props?: readonly unknown[];
}

export interface SignDocRequest {
  credentialID: string | undefined;
  SAD: string | undefined;
  documents?: readonly (SignatureWish & { document: string })[];
  documentDigests?: readonly (SignatureWish & { hashes: readonly string[]; hashAlgorithmOID?: string })[];
  isAsynchronous: boolean;
  validityMilliseconds: number;
}

/** @see CSC API v2.0.0.2 §11.11, output */
export interface SignedDocuments {
  DocumentWithSignature?: string[];
  SignatureObject?: string[];
}

export interface WantedSignature {
  hash: Buffer;
  /** Absent: only its hash has come. */
  document?: Buffer;
  property: EnvelopeProperty;
}

/** What a request wants signed, checked against what the phone has signed; throws CscError in the words of §11.11. */
export function readWantedSignatures(
  { documents = [], documentDigests = [] }: SignDocRequest,
  { format }: Pick<Session, 'format'>,
  certificate: Certificate,
): WantedSignature[] {
  if (documents.length > 0 && documentDigests.length > 0)
    throw new CscError('invalid_request', 'Both documentDigests and documents parameters passed');
  if (documents.length === 0 && documentDigests.length === 0)
    throw new CscError('invalid_request', 'Empty documentDigests and documents objects');
  for (const wish of [...documents, ...documentDigests]) assertOffered(wish, format, certificate);
  return [...documents.map(wantedDocument), ...documentDigests.flatMap(wantedDigests)];
}

/** For each wanted signature its place among those that were authorized, each of them once. */
export function placesOf(wanted: readonly WantedSignature[], hashes: readonly Buffer[]): number[] {
  const left = new Set(hashes.keys());
  return wanted.map(({ hash }) => {
    const place = [...left].find((one) => hashes[one].equals(hash));
    if (place === undefined)
      throw new CscError('invalid_request', 'documentDigests or documents are not authorized by the SAD');
    left.delete(place);
    return place;
  });
}

interface Made {
  property: EnvelopeProperty;
  signature: Buffer;
}

/** The signature as it is wanted: what the phone has signed of a bare hash envelops the document where that has come. */
export function madeSignature(
  { property, document }: WantedSignature,
  format: SignatureFormat,
  signature: Buffer,
): Made {
  const isEnveloping = format === 'jades' || parseSignedData(signature).content !== undefined;
  if (property === 'Detached' && isEnveloping) throw invalidParameter('signed_envelope_property');
  if (property === 'Detached' || isEnveloping) return { property, signature };
  if (!document) throw invalidParameter('signed_envelope_property');
  return { property, signature: attachContent(signature, document) };
}

/** Signatures that hold their documents, and those beside them, each in the order of the request. */
export function answerOf(made: readonly Made[]): SignedDocuments {
  const texts = (wanted: EnvelopeProperty) =>
    made.filter(({ property }) => property === wanted).map(({ signature }) => signature.toString('base64'));
  const [enveloping, detached] = [texts('Attached'), texts('Detached')];
  return {
    ...(enveloping.length > 0 && { DocumentWithSignature: enveloping }),
    ...(detached.length > 0 && { SignatureObject: detached }),
  };
}

function wantedDocument(wish: SignatureWish & { document: string }): WantedSignature {
  const document = base64Octets(wish.document, 'Invalid Base64 documents string parameter');
  return { hash: digest('sha256', document), document, property: propertyOf(wish, 'Attached') };
}

function wantedDigests(
  wish: SignatureWish & { hashes: readonly string[]; hashAlgorithmOID?: string },
): WantedSignature[] {
  if (wish.hashAlgorithmOID !== undefined && wish.hashAlgorithmOID !== ALG.sha256)
    throw new CscError(
      'invalid_request',
      'String parameter hashAlgorithmOID contradicts with signAlgo parameter',
    );
  // Without its document a signature cannot envelop it, whatever the default is.
  const property = propertyOf(wish, 'Detached');
  return wish.hashes.map((one) => ({
    hash: hashOf(one, 'Invalid Base64 hashes string parameter'),
    property,
  }));
}

function assertOffered(wish: SignatureWish, format: SignatureFormat, certificate: Certificate): void {
  if (CSC_FORMATS[wish.signature_format]?.format !== format) throw invalidParameter('signature_format');
  const { conformance_level: level = CONFORMANCE_LEVELS[0] } = wish;
  // The specification writes AdES-B-B and Ades-B-B.
  if (!CONFORMANCE_LEVELS.some((one) => one.toLowerCase() === level.toLowerCase()))
    throw invalidParameter('conformance_level');
  if (!signatureAlgorithmsOf(certificate).includes(wish.signAlgo)) throw invalidParameter('signAlgo');
  if (wish.signAlgoParams !== undefined) throw invalidParameter('signAlgoParams');
  // What is signed is built on the phone, of what it shows: nothing can be added to it.
  if (wish.signed_props !== undefined && wish.signed_props.length > 0) throw invalidParameter('signed_props');
}

function propertyOf(wish: SignatureWish, byDefault: EnvelopeProperty): EnvelopeProperty {
  const { signed_envelope_property: given = byDefault } = wish;
  const found = CSC_FORMATS[wish.signature_format].properties.find((one) => one === given);
  if (!found) throw invalidParameter('signed_envelope_property');
  return found;
}
