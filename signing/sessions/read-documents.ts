import { wholeSeconds } from '../../core/clock.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { DomainError } from '../../core/errors.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { SignatureFormat } from '../assemble-signature.ts';
import { PDF_MEDIA_TYPE, displayDocument, displayText } from '../display/display-document.ts';
import type { SignedDocument, StructuredMediaType } from '../display/display-document.ts';
import type { PatientView } from '../display/display-line.ts';
import { hashesJoined, verificationCodeOf } from '../device/signed-octets.ts';
import { reserveSignature } from '../pades/prepare-pades.ts';
import { coveredParts } from '../pades/reserved-contents.ts';
import { SigningError } from '../signing-error.ts';
import type { SessionDocument } from './session.ts';

/** What a relying party sends of one document. */
export type DocumentInput = { title: string } & (
  | { mediaType: StructuredMediaType; content: Buffer }
  | { sha256: Buffer; displayText: string }
  | { mediaType: typeof PDF_MEDIA_TYPE; content: Buffer; displayText: string }
);

/** Of a PDF's signature with its chain and a time stamp; who signs is not always known when the place is made. */
const RESERVED_OCTETS = 24_576;

/** Of all documents of a session together. */
export const DOCUMENT_OCTETS_MAX = 512 * 1024;

export interface ReadDocuments {
  documents: SessionDocument[];
  verificationCode: string;
  /** SHA-256 over what the phone has to show. */
  displaySha256: Buffer;
}

interface Reading {
  format: SignatureFormat;
  patientView: PatientView;
  /** What a PDF claims as the time of its signature, which stands within what is signed. */
  now: Date;
}

/**
 * Documents in the form that is signed, and what the holder will be shown of them. Throws PrescriptionError `document-unreadable` for
 * what the phone could not show, `document-format` and `documents-too-large`; of a PDF, what reserveSignature throws.
 */
export function readDocuments(
  inputs: readonly DocumentInput[],
  { format, patientView, now }: Reading,
): ReadDocuments {
  const octets = inputs.reduce((sum, input) => sum + ('content' in input ? input.content.length : 0), 0);
  if (octets > DOCUMENT_OCTETS_MAX)
    throw new SigningError(
      'documents-too-large',
      `${octets} octets together, at most ${DOCUMENT_OCTETS_MAX}`,
    );
  const documents = inputs.map((input) => readDocument(input, format, now));
  const shown = documents.map((document) => displayDocument(shownOf(document), patientView));
  return {
    documents,
    verificationCode: verificationCodeOf(
      digest('sha256', hashesJoined(documents.map(({ sha256 }) => sha256))),
    ),
    displaySha256: digest('sha256', Buffer.from(displayText(shown))),
  };
}

/** As the phone's page takes it. */
export function shownOf({ title, signed }: SessionDocument): SignedDocument {
  return 'content' in signed ? { title, ...signed } : { title, displayText: signed.displayText };
}

/** What each format signs, and why it signs nothing else. */
const SIGNS: Readonly<Record<SignatureFormat, { kinds: readonly DocumentKind[]; refusal: string }>> = {
  cades: { kinds: ['structured', 'hash'], refusal: 'a PDF is signed as PAdES, within itself' },
  jades: {
    kinds: ['structured'],
    refusal: 'a JWS carries what it signs: a hash alone is signed as CAdES, a PDF as PAdES',
  },
  pades: { kinds: ['pdf'], refusal: 'PAdES signs documents of application/pdf' },
  raw: { kinds: ['hash'], refusal: 'a document is signed as CAdES, JAdES or PAdES' },
};

type DocumentKind = 'structured' | 'hash' | 'pdf';

function kindOf(input: DocumentInput): DocumentKind {
  if ('sha256' in input) return 'hash';
  return input.mediaType === PDF_MEDIA_TYPE ? 'pdf' : 'structured';
}

function readDocument(input: DocumentInput, format: SignatureFormat, now: Date): SessionDocument {
  const { title } = input;
  const { kinds, refusal } = SIGNS[format];
  if (!kinds.includes(kindOf(input))) throw new SigningError('document-format', refusal);
  if ('sha256' in input) return { title, sha256: input.sha256, signed: { displayText: input.displayText } };
  if ('displayText' in input) {
    const { displayText, content: document } = input;
    const revision = { document, signingTime: wholeSeconds(now), reservedOctets: RESERVED_OCTETS };
    const pdf = reserveSignature(revision);
    return { title, sha256: digest('sha256', ...coveredParts(pdf)), signed: { displayText, pdf } };
  }
  const { mediaType } = input;
  const content = mediaType === 'application/json' ? canonicalForm(input) : input.content;
  return { title, sha256: digest('sha256', content), signed: { mediaType, content } };
}

/**
 * What is signed of plain JSON is its one canonical form (RFC 8785). The text is read strictly first: of a name that comes twice
 * JSON.parse would drop one silently.
 */
function canonicalForm({ title, content }: { title: string; content: Buffer }): Buffer {
  displayDocument({ title, mediaType: 'application/json', content }, 'masked');
  try {
    return Buffer.from(canonicalJson(JSON.parse(content.toString('utf8'))));
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new SigningError('document-unreadable', `it has no canonical form: ${cause.detail}`, { cause });
  }
}
