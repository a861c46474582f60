import { canonicalJson } from '../../core/canonical-json.ts';
import { LEAVES_MAX, leafOf, unreadable } from '../../prescriptions/document-tree.ts';
import type { DisplayLine, PatientView } from './display-line.ts';
import { readFhirXmlTree } from '../../prescriptions/fhir-xml-tree.ts';
import { fhirLines } from './fhir-prescription.ts';
import { readJsonTree } from '../../prescriptions/json-tree.ts';
import { socialSecurityLines } from './social-security-prescription.ts';

/** Documents that the phone can show by itself. */
export const STRUCTURED_MEDIA_TYPES = [
  'application/fhir+json',
  'application/fhir+xml',
  'application/json',
] as const;
export type StructuredMediaType = (typeof STRUCTURED_MEDIA_TYPES)[number];

/** Documents that are shown by the words of whoever asks; a PDF can be opened beside them. */
export const PDF_MEDIA_TYPE = 'application/pdf';

/** What is to be signed: octets that are shown, or a hash or a PDF with the words that stand for it. */
export type SignedDocument =
  | { title: string; mediaType: StructuredMediaType; content: Uint8Array }
  | { title: string; displayText: string };

export interface DisplayedDocument {
  title: string;
  lines: DisplayLine[];
}

/**
 * A document as the holder reads it, made of the very octets that are signed. Every value of the document is on the page: known
 * ones on lines of their own, others by their names. Throws PrescriptionError `document-unreadable`.
 */
export function displayDocument(document: SignedDocument, patientView: PatientView): DisplayedDocument {
  const title = leafOf(document.title).text;
  if ('displayText' in document) return { title, lines: textLines(document.displayText) };
  return { title, lines: READERS[document.mediaType](textOf(document.content), patientView) };
}

/** What is hashed to compare two displays: the phone's and the service's. */
export function displayText(documents: readonly DisplayedDocument[]): string {
  return canonicalJson(
    documents.map(({ title, lines }) => ({ title, lines: lines.map(({ label, text }) => [label, text]) })),
  );
}

const READERS: Readonly<
  Record<StructuredMediaType, (text: string, patientView: PatientView) => DisplayLine[]>
> = {
  'application/fhir+json': (text, patientView) => fhirLines(readJsonTree(text), patientView),
  'application/fhir+xml': (text, patientView) => fhirLines(readFhirXmlTree(text), patientView),
  'application/json': (text, patientView) => socialSecurityLines(readJsonTree(text), patientView),
};

function textLines(text: string): DisplayLine[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0 || lines.length > LEAVES_MAX) throw unreadable('its text is empty or too long');
  return lines.map((line) => ({ label: 'text', text: leafOf(line).text }));
}

function textOf(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw unreadable('it is not UTF-8');
  }
}
