import { canonicalJson } from '../../core/canonical-json.ts';
import { DomainError } from '../../core/errors.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { SignatureFormat } from '../assemble-signature.ts';
import { displayDocument, displayText } from '../display/display-document.ts';
import type { SignedDocument, StructuredMediaType } from '../display/display-document.ts';
import type { PatientView } from '../display/display-line.ts';
import { hashesJoined, verificationCodeOf } from '../device/signed-octets.ts';
import { SigningError } from '../signing-error.ts';
import type { SessionDocument } from './session.ts';

/** What a relying party sends of one document. */
export type DocumentInput = { title: string } & (
  { mediaType: StructuredMediaType; content: Buffer } | { sha256: Buffer; displayText: string }
);

/** Of all documents of a session together. */
export const DOCUMENT_OCTETS_MAX = 512 * 1024;

export interface ReadDocuments {
  documents: SessionDocument[];
  verificationCode: string;
  /** SHA-256 over what the phone has to show. */
  displaySha256: Buffer;
}

/**
 * Documents in the form that is signed, and what the holder will be shown of them. Throws PrescriptionError `document-unreadable` for
 * what the phone could not show, `document-format` and `documents-too-large`.
 */
export function readDocuments(
  inputs: readonly DocumentInput[],
  format: SignatureFormat,
  patientView: PatientView,
): ReadDocuments {
  const documents = inputs.map((input) => readDocument(input, format));
  const octets = documents.reduce(
    (sum, { signed }) => sum + ('content' in signed ? signed.content.length : 0),
    0,
  );
  if (octets > DOCUMENT_OCTETS_MAX)
    throw new SigningError(
      'documents-too-large',
      `${octets} octets together, at most ${DOCUMENT_OCTETS_MAX}`,
    );
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
  return { title, ...signed };
}

function readDocument(input: DocumentInput, format: SignatureFormat): SessionDocument {
  const { title } = input;
  if ('displayText' in input) {
    if (format !== 'cades')
      throw new SigningError(
        'document-format',
        'a JWS carries what it signs: a hash alone is signed as CAdES',
      );
    return { title, sha256: input.sha256, signed: { displayText: input.displayText } };
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
