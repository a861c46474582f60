import type { DocumentObject } from './document-tree.ts';
import { fhirDate } from './fhir-date.ts';
import type { Prescriber, Prescription } from './prescription.ts';
import { objectsAt, textAt } from './tree-queries.ts';

/** Resources that ask for something to be given; one of them makes a prescription (HL7 FHIR R4 §11.1, §13.6, §12.19). */
const REQUESTS = new Set(['MedicationRequest', 'SupplyRequest', 'DeviceRequest']);

/** Roles lead to practitioners and do not lead further. */
const REFERENCES_MAX = 2;

interface Resource {
  type: string;
  /** How a reference may name it. */
  names: readonly string[];
  node: DocumentObject;
}

/** Reads a Bundle, or a request alone; undefined: it asks for nothing. Throws PrescriptionError `document-unreadable`. */
export function fhirPrescriptionFacts(root: DocumentObject): Prescription | undefined {
  const resources = resourcesOf(root);
  const requests = resources.filter(({ type }) => REQUESTS.has(type));
  if (requests.length === 0) return undefined;
  return {
    form: 'fhir',
    prescribers: prescribersOf(requests, resources),
    dates: datesOf(root, requests, resources),
  };
}

function resourcesOf(root: DocumentObject): Resource[] {
  const own = (node: DocumentObject, fullUrl?: string): Resource[] => {
    const type = textAt(node, 'resourceType') ?? '';
    const id = textAt(node, 'id');
    const names = [fullUrl, id && `${type}/${id}`, id && `#${id}`].filter((name) => name !== undefined);
    return [{ type, names, node }, ...objectsAt(node, 'contained').flatMap((inner) => own(inner))];
  };
  if (textAt(root, 'resourceType') !== 'Bundle') return own(root);
  return objectsAt(root, 'entry').flatMap((entry) =>
    objectsAt(entry, 'resource').flatMap((node) => own(node, textAt(entry, 'fullUrl'))),
  );
}

/** Who asks; where no request says it, who wrote the document; where that is not said either, whoever is in it. */
function prescribersOf(requests: readonly Resource[], resources: readonly Resource[]): Prescriber[] {
  const asking = referencesUnder(requests, 'requester');
  const authors = referencesUnder(
    resources.filter(({ type }) => type === 'Composition'),
    'author',
  ).filter((reference) => textAt(reference, 'type') !== 'Device');
  const references = asking.length > 0 ? asking : authors;
  const found =
    references.length > 0
      ? references.map((reference) => practitionerOf(reference, resources, REFERENCES_MAX))
      : resources.filter(({ type }) => type === 'Practitioner').map(({ node }) => node);
  return [...new Set(found)].map((node) => ({ identifiers: node ? identifiersOf(node) : [] }));
}

function referencesUnder(resources: readonly Resource[], name: string): DocumentObject[] {
  return resources.flatMap(({ node }) => objectsAt(node, name));
}

function practitionerOf(
  reference: DocumentObject,
  resources: readonly Resource[],
  left: number,
): DocumentObject | undefined {
  const name = textAt(reference, 'reference');
  // A reference without an address may carry the number itself (FHIR R4 §2.3.0.2).
  if (name === undefined) return objectsAt(reference, 'identifier').length > 0 ? reference : undefined;
  const targets = resources.filter(({ names }) => names.includes(name));
  if (targets.length !== 1 || left === 0) return undefined;
  const [{ type, node }] = targets;
  if (type === 'Practitioner') return node;
  const [inner, ...others] = type === 'PractitionerRole' ? objectsAt(node, 'practitioner') : [];
  return inner && others.length === 0 ? practitionerOf(inner, resources, left - 1) : undefined;
}

function identifiersOf(node: DocumentObject): Prescriber['identifiers'] {
  return objectsAt(node, 'identifier').flatMap((identifier) => {
    const value = textAt(identifier, 'value');
    return value === undefined ? [] : [{ system: textAt(identifier, 'system') ?? '', value }];
  });
}

/** When each medicine was ordered; where no request says it, when the document was written. */
function datesOf(
  root: DocumentObject,
  requests: readonly Resource[],
  resources: readonly Resource[],
): Prescription['dates'] {
  const ordered = requests.map(({ node }) => textAt(node, 'authoredOn'));
  const written = resources
    .filter(({ type }) => type === 'Composition')
    .map(({ node }) => textAt(node, 'date'));
  const texts = [ordered, written, [textAt(root, 'timestamp')]]
    .map((list) => list.filter((text) => text !== undefined))
    .find((list) => list.length > 0);
  return [...new Set(texts)].map(fhirDate);
}
