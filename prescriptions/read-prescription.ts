import { isObject } from '../core/is-object.ts';
import type { DocumentObject } from './document-tree.ts';
import { fhirPrescriptionFacts } from './fhir-prescription-facts.ts';
import { readFhirXmlTree } from './fhir-xml-tree.ts';
import { readJsonTree } from './json-tree.ts';
import { PrescriptionError } from './prescription-error.ts';
import type { Prescription } from './prescription.ts';
import { socialSecurityFacts } from './social-security-facts.ts';

/** `other`: no prescription, whoever reads it. `unreadable`: somebody else may read one in it, and we cannot. */
export type PrescriptionReading =
  | { kind: 'prescription'; prescription: Prescription }
  | { kind: 'other' }
  | { kind: 'unreadable'; detail: string };

const FHIR = 'http://hl7.org/fhir';
/** A prescription has some 20 KiB. */
const PRESCRIPTION_OCTETS_MAX = 2 * 1024 * 1024;

/**
 * Reads signed octets as a prescription of FHIR R4, XML or JSON, or of the social-security service. What they are is found in the
 * octets alone: a media type can be left out or lie, and rules for prescriptions would be evaded so.
 */
export function readPrescription(bytes: Uint8Array): PrescriptionReading {
  const start = bytes.find((octet) => !isPadding(octet));
  if (start !== BRACE && start !== ANGLE) return { kind: 'other' };
  if (bytes.length > PRESCRIPTION_OCTETS_MAX)
    return { kind: 'unreadable', detail: `${bytes.length} octets, at most ${PRESCRIPTION_OCTETS_MAX}` };
  const text = textOf(bytes);
  try {
    const prescription = text === undefined ? undefined : factsOf(text);
    if (prescription) return { kind: 'prescription', prescription };
  } catch (cause) {
    if (!(cause instanceof PrescriptionError)) throw cause;
    return mayBeOne(text!) ? { kind: 'unreadable', detail: cause.detail } : { kind: 'other' };
  }
  return text === undefined
    ? { kind: 'unreadable', detail: 'text in another encoding than UTF-8' }
    : { kind: 'other' };
}

const BRACE = 0x7b;
const ANGLE = 0x3c;

/** White space, and what texts in UTF-16 or with a byte order mark have before and between their characters. */
function isPadding(octet: number): boolean {
  return octet <= 0x20 || octet >= 0xbb;
}

function factsOf(text: string): Prescription | undefined {
  const isXml = text.trimStart().startsWith('<');
  if (isXml && !mayBeOne(text)) return undefined;
  const root: DocumentObject = isXml ? readFhirXmlTree(text) : readJsonTree(text);
  return (isXml ? undefined : socialSecurityFacts(root)) ?? fhirPrescriptionFacts(root);
}

/** Whether a more lenient reader than ours could find a prescription. */
function mayBeOne(text: string): boolean {
  if (text.trimStart().startsWith('<'))
    // The namespace may be written in references, or come out of an entity.
    return text.includes(FHIR) || /&#|<!ENTITY/.test(text);
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && ('resourceType' in value || 'noteDetailEprscs' in value);
  } catch {
    return text.includes('resourceType') || text.includes('noteDetailEprscs') || text.includes('\\u');
  }
}

/** Undefined: not UTF-8. A byte order mark is passed over. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
