import { canonicalJson } from '../../core/canonical-json.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { ALG } from '../../pki/oid.ts';
import type { SignatureFormat } from '../assemble-signature.ts';
import { PDF_MEDIA_TYPE, STRUCTURED_MEDIA_TYPES } from '../display/display-document.ts';
import type { StructuredMediaType } from '../display/display-document.ts';
import type { RelyingParty } from '../relying-parties/relying-party.ts';
import type { DocumentInput } from '../sessions/read-documents.ts';
import { DOCUMENTS_MAX } from '../sessions/session.ts';
import { CscError, invalidParameter } from './csc-error.ts';
import { CSC_TEXTS, languageOf } from './csc-language.ts';
import type { CscLanguage } from './csc-language.ts';

/** A document of which the authorization is asked for: its hash, and what the holder will read. */
export interface WantedDocument {
  /** SHA-256, base64. */
  hash: string;
  label?: string;
  /** Beyond the specification: the document itself, so that the phone shows it and not its hash. Base64. */
  document?: string;
  mediaType?: string;
}

/** What a client asks a holder to authorize, whichever way it came. */
export interface SigningRequest {
  certificateSha256: Buffer;
  format: SignatureFormat;
  hashes: Buffer[];
  documents: DocumentInput[];
  language: CscLanguage;
}

interface SigningWish {
  credentialID: string | undefined;
  hashAlgorithmOID: string | undefined;
  documents: readonly WantedDocument[];
  description?: string | undefined;
  lang?: string | undefined;
  /** Beyond the specification: `J` has documents that the phone shows signed as JAdES, `P` PDFs as PAdES, `C` hashes of documents as CAdES. */
  signature_format?: string | undefined;
}

const TITLE_CHARACTERS_MAX = 120;
const TEXT_CHARACTERS_MAX = 500;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const FORMATS: Readonly<Record<string, SignatureFormat>> = {
  C: 'cades',
  J: 'jades',
  P: 'pades',
};

/** Checks a wish and says what the phone shows of it; throws CscError `invalid_request`. */
export function readSigningRequest(wish: SigningWish, party: HashMeaning): SigningRequest {
  const { description = '', documents } = wish;
  if (documents.length === 0) throw new CscError('invalid_request', 'Empty hash array');
  if (documents.length > DOCUMENTS_MAX)
    throw new CscError('invalid_request', 'Numbers of signatures is too high');
  if (description.length > TEXT_CHARACTERS_MAX) throw invalidParameter('description');
  if (wish.hashAlgorithmOID !== ALG.sha256) throw invalidParameter('hashAlgorithmOID');
  const format = formatOf(wish, party);
  if (!format) throw invalidParameter('signature_format');
  const language = languageOf(wish.lang);
  const hashes = documents.map(({ hash }) => hashOf(hash));
  return {
    certificateSha256: readCredentialId(wish.credentialID),
    format,
    hashes,
    documents: documents.map((document, index) =>
      inputOf(document, { hash: hashes[index], index, description, language, format }),
    ),
    language,
  };
}

/** What hashes are that come alone: of signed attributes that the client has made, for signHash, or of documents, for signDoc. */
type HashMeaning = Pick<RelyingParty, 'mayHandInDigests'>;

function formatOf(
  { signature_format: letter, documents }: SigningWish,
  { mayHandInDigests }: HashMeaning,
): SignatureFormat | undefined {
  if (letter !== undefined) return FORMATS[letter];
  const comeAlone = documents.every(({ document }) => document === undefined);
  return mayHandInDigests && comeAlone ? 'raw' : 'cades';
}

/** SHA-256 over the certificate; throws CscError `Invalid parameter credentialID`. */
export function readCredentialId(credentialId: string | undefined): Buffer {
  if (credentialId === undefined || !/^[0-9a-fA-F]{64}$/.test(credentialId))
    throw invalidParameter('credentialID');
  return Buffer.from(credentialId, 'hex');
}

/** Octets of a base64 text that is written as it should be. */
export function base64Octets(text: string, refusal: string): Buffer {
  if (!BASE64.test(text)) throw new CscError('invalid_request', refusal);
  return Buffer.from(text, 'base64');
}

/** A SHA-256 value; throws CscError in the words of §11.10. */
export function hashOf(text: string, what = 'Invalid Base64 hash string parameter'): Buffer {
  const hash = base64Octets(text, what);
  if (hash.length !== 32) throw new CscError('invalid_request', 'Invalid digest value length');
  return hash;
}

interface Context {
  hash: Buffer;
  index: number;
  description: string;
  language: CscLanguage;
  format: SignatureFormat;
}

function inputOf(wanted: WantedDocument, context: Context): DocumentInput {
  const { label = '', document, mediaType } = wanted;
  const { hash, index, description, language, format } = context;
  if (label.length > TEXT_CHARACTERS_MAX) throw invalidParameter('label');
  const { document: unnamed, onlyHash, readyDigest } = CSC_TEXTS[language];
  const title = (label || `${unnamed} ${index + 1}`).slice(0, TITLE_CHARACTERS_MAX);
  if (document === undefined) {
    if (format !== 'cades' && format !== 'raw') throw invalidParameter('signature_format');
    // The holder has to know that the words are the client's, and that nobody here has seen the document.
    const lines = [label, description, format === 'raw' ? readyDigest : onlyHash, hash.toString('hex')];
    return { title, sha256: hash, displayText: lines.filter((line) => line !== '').join('\n') };
  }
  const content = base64Octets(document, 'Invalid Base64 documents string parameter');
  if (!isOffered(mediaType, format)) throw invalidParameter('mediaType');
  if (!digest('sha256', content).equals(hash))
    throw new CscError('invalid_request', 'documents do not match their hashes');
  // The phone has the PDF to open; the words are the client's.
  if (mediaType === PDF_MEDIA_TYPE)
    return { title, mediaType, content, displayText: [title, description].filter(Boolean).join('\n') };
  if (mediaType === 'application/json' && !isCanonical(content))
    throw new CscError('invalid_request', 'application/json has to be in its canonical form (RFC 8785)');
  return { title, mediaType, content };
}

/** What is signed of plain JSON is its canonical form, so a hash over any other form would be one of something else. */
function isCanonical(content: Buffer): boolean {
  const text = content.toString('utf8');
  try {
    return canonicalJson(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}

/** PAdES signs PDFs and nothing else, and nothing else signs them with their content. */
function isOffered(
  mediaType: string | undefined,
  format: SignatureFormat,
): mediaType is StructuredMediaType | typeof PDF_MEDIA_TYPE {
  if (format === 'pades') return mediaType === PDF_MEDIA_TYPE;
  return STRUCTURED_MEDIA_TYPES.some((one) => one === mediaType);
}
