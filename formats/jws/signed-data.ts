import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { FormatError } from '../format-error.ts';
import { decodeBase64url } from './base64.ts';
import { listMember, mediaTypeOf, textMember } from './jose-header.ts';
import { isJsonObject, memberOf } from './json-value.ts';
import type { JsonObject, JsonValue } from './json-value.ts';
import { signedPayload } from './signing-input.ts';

/** How `sigD` points to what is signed (ETSI TS 119 182-1 §5.2.8). */
export const DETACHED_MECHANISMS = {
  httpHeaders: 'http://uri.etsi.org/19182/HttpHeaders',
  byUri: 'http://uri.etsi.org/19182/ObjectIdByURI',
  byUriHash: 'http://uri.etsi.org/19182/ObjectIdByURIHash',
} as const;

export interface HandedIn {
  /** The one document, or the body of an HTTP message. */
  content?: Uint8Array | undefined;
  /** By the names that `pars` has: URIs, or names of HTTP header fields in lower case. */
  contentsByName?: ReadonlyMap<string, Uint8Array> | undefined;
}

export interface SignedObject {
  bytes: Buffer;
  mediaType?: string;
  name?: string;
}

/** What a signature is over. */
export interface SignedData {
  isDetached: boolean;
  /** As it is signed, after the point; undefined: it was not handed in. */
  payload: Buffer | undefined;
  objects: readonly SignedObject[];
  /** Names of what was not handed in; of a document without a name, an empty text. */
  missing: readonly string[];
  /** Names of what is not what was signed, by its digest. */
  differing: readonly string[];
  /** What content and archive time stamps are over (§5.2.6, §5.3.6.3); undefined: it was not handed in. */
  timeStamped: Buffer | undefined;
}

/** As many documents as a signature points to. */
const OBJECTS_MAX = 64;

/** Digests by the names that JAdES has for them, and by the URIs of its drafts. */
const DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  ...(['256', '384', '512'] as const).map((bits) => [`S${bits}`, `sha${bits}`] as const),
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
]);

export function digestOfJadesName(name: JsonValue | undefined): DigestName | undefined {
  return typeof name === 'string' ? DIGESTS.get(name) : undefined;
}

export function jadesNameOf(name: DigestName): string {
  return name.replace('sha', 'S');
}

/**
 * Puts together what a signature is over: the payload inside of it, the one that was handed in, or what `sigD` points to. Nothing is
 * ever fetched. Throws FormatError `jws-malformed` for a mechanism that we do not know and for one that is written wrongly.
 */
export function signedDataOf(
  header: JsonObject,
  embedded: Buffer | undefined,
  handedIn: HandedIn,
): SignedData {
  const isEncoded = memberOf(header, 'b64') !== false;
  const sigD = memberOf(header, 'sigD');
  if (sigD === undefined) return plainData(header, embedded, handedIn, isEncoded);
  if (!isJsonObject(sigD)) throw new FormatError('jws-malformed', 'sigD is no JSON object');
  if (embedded)
    throw new FormatError('jws-malformed', 'the signature has a payload, and sigD points to another');
  const mechanism = textMember(sigD, 'mId');
  const names = namesOf(sigD);
  switch (mechanism) {
    case DETACHED_MECHANISMS.httpHeaders:
      return httpMessage(names, handedIn, isEncoded);
    case DETACHED_MECHANISMS.byUri:
      return documentsByUri(sigD, documentsOf(names, handedIn), isEncoded);
    case DETACHED_MECHANISMS.byUriHash:
      return documentsByHash(sigD, documentsOf(names, handedIn), isEncoded);
    default:
      throw new FormatError('jws-malformed', `sigD points by ${mechanism ?? 'nothing'}, which is not known`);
  }
}

function plainData(
  header: JsonObject,
  embedded: Buffer | undefined,
  { content }: HandedIn,
  isEncoded: boolean,
): SignedData {
  const bytes = content ? Buffer.from(content) : embedded;
  const mediaType = mediaTypeOf(memberOf(header, 'cty'));
  const payload = bytes && signedPayload(bytes, isEncoded);
  return {
    isDetached: embedded === undefined,
    payload,
    objects: bytes ? [{ bytes, ...(mediaType !== undefined && { mediaType }) }] : [],
    missing: bytes ? [] : [''],
    differing: [],
    timeStamped: payload,
  };
}

function namesOf(sigD: JsonObject): string[] {
  const names = listMember(sigD, 'pars');
  if (names.length === 0 || names.length > OBJECTS_MAX)
    throw new FormatError(
      'jws-malformed',
      `sigD points to ${names.length} objects, between 1 and ${OBJECTS_MAX} are read`,
    );
  if (!names.every((name) => typeof name === 'string') || new Set(names).size !== names.length)
    throw new FormatError('jws-malformed', 'pars of sigD is no list of different names');
  return [...names];
}

interface NamedDocument {
  name: string;
  bytes: Buffer | undefined;
}

/** By name; the only one may come without. */
function documentsOf(names: readonly string[], { content, contentsByName }: HandedIn): NamedDocument[] {
  return names.map((name) => {
    const bytes = contentsByName?.get(name) ?? (names.length === 1 ? content : undefined);
    return { name, bytes: bytes && Buffer.from(bytes) };
  });
}

/** §5.2.8.3.2: the documents one after the other, each as it is signed. */
function documentsByUri(
  sigD: JsonObject,
  documents: readonly NamedDocument[],
  isEncoded: boolean,
): SignedData {
  const payload = joined(documents, isEncoded);
  return { ...detached(sigD, documents), payload, differing: [], timeStamped: payload };
}

/** §5.2.8.3.3: nothing but their digests, which stand in the header; a digest is over the document as it would be signed. */
function documentsByHash(
  sigD: JsonObject,
  documents: readonly NamedDocument[],
  isEncoded: boolean,
): SignedData {
  const algorithm = digestOfJadesName(memberOf(sigD, 'hashM'));
  if (!algorithm) throw new FormatError('jws-malformed', 'hashM of sigD names no digest that is known');
  const hashes = listMember(sigD, 'hashV');
  if (hashes.length !== documents.length)
    throw new FormatError(
      'jws-malformed',
      `sigD has ${hashes.length} digests for ${documents.length} objects`,
    );
  const differing = documents.filter(({ bytes }, index) => {
    const hash = hashes[index];
    if (typeof hash !== 'string') throw new FormatError('jws-malformed', 'a digest of sigD is no text');
    return bytes && !digest(algorithm, signedPayload(bytes, isEncoded)).equals(decodeBase64url(hash));
  });
  return {
    ...detached(sigD, documents),
    payload: Buffer.alloc(0),
    differing: differing.map(({ name }) => name),
    timeStamped: joined(documents, isEncoded),
  };
}

function detached(
  sigD: JsonObject,
  documents: readonly NamedDocument[],
): Pick<SignedData, 'isDetached' | 'objects' | 'missing'> {
  const types = listMember(sigD, 'ctys');
  const objects = documents.flatMap(({ name, bytes }, index) => {
    const mediaType = mediaTypeOf(types[index]);
    return bytes ? [{ name, bytes, ...(mediaType !== undefined && { mediaType }) }] : [];
  });
  return { isDetached: true, objects, missing: missingOf(documents) };
}

function missingOf(documents: readonly NamedDocument[]): string[] {
  return documents.filter(({ bytes }) => !bytes).map(({ name }) => name);
}

function joined(documents: readonly NamedDocument[], isEncoded: boolean): Buffer | undefined {
  const parts = documents.flatMap(({ bytes }) => (bytes ? [signedPayload(bytes, isEncoded)] : []));
  return parts.length === documents.length ? Buffer.concat(parts) : undefined;
}

/**
 * §5.2.8.2: lines of header fields, as draft-cavage-http-signatures-10 §2.3 writes them. The field `digest` (RFC 3230) stands for the
 * body: it is checked against it, and time stamps take the body itself.
 */
function httpMessage(names: readonly string[], handedIn: HandedIn, isEncoded: boolean): SignedData {
  if (isEncoded)
    throw new FormatError('jws-malformed', 'sigD points to HTTP headers, and b64 is not false (§5.1.10)');
  const fields = documentsOf(names, { contentsByName: handedIn.contentsByName });
  const { content } = handedIn;
  const body = content && Buffer.from(content);
  const stated = fields.find(({ name }) => name === 'digest');
  const differs = stated?.bytes && body && !statesDigestOf(stated.bytes.toString('latin1'), body);
  const isBodyMissing = stated !== undefined && !body;
  const lines = fields.map(({ name, bytes }) => bytes && fieldLine(name, bytes));
  const complete = lines.every((line) => line !== undefined) ? lines : undefined;
  const timeStamped = fields.map(({ name }, index) => (name === 'digest' ? body : lines[index]));
  return {
    isDetached: true,
    payload: complete && Buffer.concat(withLineEnds(complete)),
    objects: body && stated ? [{ name: 'body', bytes: body }] : [],
    missing: [...missingOf(fields), ...(isBodyMissing ? ['body'] : [])],
    differing: differs ? ['body'] : [],
    timeStamped: timeStamped.every((part) => part !== undefined)
      ? Buffer.concat(withLineEnds(timeStamped))
      : undefined,
  };
}

function fieldLine(name: string, value: Buffer): Buffer {
  return Buffer.from(`${name.toLowerCase()}: ${value.toString('latin1').trim()}`, 'latin1');
}

function withLineEnds(lines: readonly Buffer[]): Buffer[] {
  return lines.flatMap((line, index) => (index === 0 ? [line] : [Buffer.from('\n'), line]));
}

const HTTP_DIGESTS: Readonly<Record<string, DigestName>> = { 'sha-256': 'sha256', 'sha-512': 'sha512' };

/** RFC 3230 §4.3.2: every digest that we know has to be the body's, and one has to be known. */
function statesDigestOf(value: string, body: Buffer): boolean {
  const known = value.split(',').flatMap((item) => {
    const [, name, hash] = /^\s*([^=\s]+)=(\S+)\s*$/.exec(item) ?? [];
    const algorithm = name === undefined ? undefined : HTTP_DIGESTS[name.toLowerCase()];
    return algorithm ? [digest(algorithm, body).toString('base64') === hash] : [];
  });
  return known.length > 0 && known.every(Boolean);
}
