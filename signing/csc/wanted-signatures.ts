import type { Certificate } from '../../pki/certificate.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { ALG } from '../../pki/oid.ts';
import type { SignatureFormat } from '../assemble-signature.ts';
import type { Session } from '../sessions/session.ts';
import { lifted } from '../sessions/session-level.ts';
import type { LevelSources, SessionLevel } from '../sessions/session-level.ts';
import { attachContent } from './attach-content.ts';
import { CscError, invalidParameter } from './csc-error.ts';
import { signatureAlgorithmsOf } from './describe-credential.ts';
import { base64Octets, hashOf } from './read-signing-request.ts';
import type { ReleaseRequest } from './release-signatures.ts';

type EnvelopeProperty = 'Attached' | 'Detached' | 'Revision';

/** Letters of the specification for the formats that phones sign (§11.11), and what each can envelop. */
export const CSC_FORMATS: Readonly<
  Record<string, { format: SignatureFormat; properties: readonly EnvelopeProperty[] }>
> = {
  C: { format: 'cades', properties: ['Attached', 'Detached'] },
  J: { format: 'jades', properties: ['Attached'] },
  P: { format: 'pades', properties: ['Revision'] },
};

/** Levels in the specification's words (§11.11). */
const LEVELS: Readonly<Record<string, SessionLevel>> = {
  'Ades-B-B': 'B-B',
  'Ades-B-T': 'B-T',
  'Ades-B-LT': 'B-LT',
};
export const CONFORMANCE_LEVELS = Object.keys(LEVELS);

/** How a document is to be signed; the names are those of §11.11. */
interface SignatureWish {
  signature_format: string;
  conformance_level?: string;
  signAlgo: string;
  signAlgoParams?: string;
  signed_envelope_property?: string;
  signed_props?: readonly unknown[];
}

export interface SignDocRequest extends ReleaseRequest {
  documents?: readonly (SignatureWish & { document: string })[];
  documentDigests?: readonly (SignatureWish & { hashes: readonly string[]; hashAlgorithmOID?: string })[];
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
  level: SessionLevel;
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
  return authorizedPlaces(
    wanted.map(({ hash }) => hash),
    hashes,
    'documentDigests or documents are not authorized by the SAD',
  );
}

/** Of each hash its place among those that were authorized, each of them once; throws CscError with the refusal. */
export function authorizedPlaces(
  wanted: readonly Buffer[],
  hashes: readonly Buffer[],
  refusal: string,
): number[] {
  const left = new Set(hashes.keys());
  return wanted.map((hash) => {
    const place = [...left].find((one) => hashes[one].equals(hash));
    if (place === undefined) throw new CscError('invalid_request', refusal);
    left.delete(place);
    return place;
  });
}

interface Made {
  property: EnvelopeProperty;
  signature: Buffer;
}

/** The signature as it is wanted, lifted to its level; throws CscError, and what lifting throws: no level is claimed that is not reached. */
export async function madeSignature(
  sources: LevelSources,
  wanted: WantedSignature,
  format: SignatureFormat,
  signature: Buffer,
): Promise<Made> {
  const made = envelopedAs(wanted, format, signature);
  const beside = wanted.property === 'Detached' ? wanted.document : undefined;
  return {
    ...made,
    signature: await lifted(sources, { format, level: wanted.level }, made.signature, beside),
  };
}

/** What the phone has signed of a bare hash envelops the document where that has come. */
function envelopedAs(
  { property, document }: WantedSignature,
  format: SignatureFormat,
  signature: Buffer,
): Made {
  if (format === 'pades') return { property, signature };
  const isEnveloping = format === 'jades' || parseSignedData(signature).content !== undefined;
  if (property === 'Detached' && isEnveloping) throw invalidParameter('signed_envelope_property');
  if (property === 'Detached' || isEnveloping) return { property, signature };
  if (!document) throw invalidParameter('signed_envelope_property');
  return { property, signature: attachContent(signature, document) };
}

/** Signatures that hold their documents, and those beside them, each in the order of the request. */
export function answerOf(made: readonly Made[]): SignedDocuments {
  const texts = (isDetached: boolean) =>
    made
      .filter(({ property }) => (property === 'Detached') === isDetached)
      .map(({ signature }) => signature.toString('base64'));
  const [enveloping, detached] = [texts(false), texts(true)];
  return {
    ...(enveloping.length > 0 && { DocumentWithSignature: enveloping }),
    ...(detached.length > 0 && { SignatureObject: detached }),
  };
}

function wantedDocument(wish: SignatureWish & { document: string }): WantedSignature {
  const document = base64Octets(wish.document, 'Invalid Base64 documents string parameter');
  const byDefault = CSC_FORMATS[wish.signature_format].properties[0];
  const [property, level] = [propertyOf(wish, byDefault), levelOf(wish)];
  return { hash: digest('sha256', document), document, property, level };
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
  // Nor can what a time stamp covers be compared with it.
  if (levelOf(wish) !== 'B-B') throw invalidParameter('conformance_level');
  return wish.hashes.map((one) => ({
    hash: hashOf(one, 'Invalid Base64 hashes string parameter'),
    property,
    level: 'B-B',
  }));
}

function assertOffered(wish: SignatureWish, format: SignatureFormat, certificate: Certificate): void {
  if (CSC_FORMATS[wish.signature_format]?.format !== format) throw invalidParameter('signature_format');
  if (!signatureAlgorithmsOf(certificate).includes(wish.signAlgo)) throw invalidParameter('signAlgo');
  if (wish.signAlgoParams !== undefined) throw invalidParameter('signAlgoParams');
  // What is signed is built on the phone, of what it shows: nothing can be added to it.
  if (wish.signed_props !== undefined && wish.signed_props.length > 0) throw invalidParameter('signed_props');
}

function levelOf({ conformance_level: given = 'Ades-B-B' }: SignatureWish): SessionLevel {
  // The specification writes AdES-B-B and Ades-B-B.
  const found = CONFORMANCE_LEVELS.find((one) => one.toLowerCase() === given.toLowerCase());
  if (!found) throw invalidParameter('conformance_level');
  return LEVELS[found];
}

function propertyOf(wish: SignatureWish, byDefault: EnvelopeProperty): EnvelopeProperty {
  const { signed_envelope_property: given = byDefault } = wish;
  const found = CSC_FORMATS[wish.signature_format].properties.find((one) => one === given);
  if (!found) throw invalidParameter('signed_envelope_property');
  return found;
}
