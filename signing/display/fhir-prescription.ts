import { DocumentReading } from './document-reading.ts';
import { unreadable } from '../../prescriptions/document-tree.ts';
import type { DocumentObject } from '../../prescriptions/document-tree.ts';
import { maskedName, maskedNumber } from './display-line.ts';
import type { DisplayLine, PatientView } from './display-line.ts';

/**
 * Names whose values tell machines where something belongs and a reader nothing: types, ids, addresses of code systems. What a
 * reference points to is shown itself.
 */
const SILENT = new Set(['resourceType', 'id', 'meta', 'system', 'fullUrl', 'xmlns']);

/** One of these makes a prescription; medicines have lines of their own, what the others say stands under its names. */
const PRESCRIBING = new Set(['MedicationRequest', 'SupplyRequest', 'DeviceRequest']);

/** Lines of a FHIR R4 prescription: a Bundle, or a MedicationRequest alone. Throws PrescriptionError `document-unreadable`. */
export function fhirLines(root: DocumentObject, patientView: PatientView): DisplayLine[] {
  const reading = new DocumentReading(root);
  const resources = resourcesOf(reading, root);
  const requests = resources.filter(({ type }) => type === 'MedicationRequest');
  if (!resources.some(({ type }) => PRESCRIBING.has(type)))
    throw unreadable(`there is none of ${[...PRESCRIBING].join(', ')} in it`);
  const lines: DisplayLine[] = [];
  const page: Page = {
    reading,
    resources,
    patientView,
    add: (label, text) => void (text !== undefined && text !== '' && lines.push({ label, text })),
  };
  for (const { type, resource } of resources) HEADS[type]?.(page, resource);
  for (const { resource } of requests) requestLines(page, resource);
  for (const { resource } of resources) passOverReferences(page, resource);
  for (const { path, text } of reading.rest((name) => SILENT.has(name)))
    page.add('other', `${path}: ${text}`);
  return lines;
}

interface Resource {
  type: string;
  resource: DocumentObject;
  /** How references may name it. */
  names: readonly string[];
}

interface Page {
  reading: DocumentReading;
  resources: readonly Resource[];
  patientView: PatientView;
  add(label: DisplayLine['label'], text: string | undefined): void;
}

function resourcesOf(reading: DocumentReading, root: DocumentObject): Resource[] {
  const typed = (resource: DocumentObject, fullUrl?: string): Resource => {
    const type = reading.take(resource, 'resourceType') ?? '';
    const id = reading.take(resource, 'id');
    const names = [fullUrl, id && `${type}/${id}`, id && `#${id}`].filter((name) => name !== undefined);
    return { type, resource, names };
  };
  const first = typed(root);
  if (first.type !== 'Bundle') return [first, ...contained(reading, root, typed)];
  reading.take(root, 'type');
  return reading
    .objects(root, 'entry')
    .flatMap((entry) =>
      reading
        .objects(entry, 'resource')
        .flatMap((resource) => [
          typed(resource, reading.take(entry, 'fullUrl')),
          ...contained(reading, resource, typed),
        ]),
    );
}

function contained(
  reading: DocumentReading,
  resource: DocumentObject,
  typed: (resource: DocumentObject) => Resource,
): Resource[] {
  return reading.objects(resource, 'contained').map((inner) => typed(inner));
}

/** What stands above the drugs. */
const HEADS: Readonly<Record<string, (page: Page, resource: DocumentObject) => void>> = {
  Composition: ({ reading, add }, resource) => {
    add('document', reading.take(resource, 'title'));
    add('document', reading.take(resource, 'type', 'coding', 'display'));
    reading.take(resource, 'type', 'coding', 'code');
    const status = reading.take(resource, 'status');
    if (status !== 'final') add('status', status);
    add('date', reading.take(resource, 'date'));
  },
  Practitioner: ({ reading, add }, resource) => {
    for (const name of reading.objects(resource, 'name')) add('prescriber', nameText(reading, name));
    for (const identifier of reading.objects(resource, 'identifier'))
      add('prescriber-number', reading.take(identifier, 'value'));
  },
  Patient: ({ reading, add, patientView }, resource) => {
    const isMasked = patientView === 'masked';
    for (const name of reading.objects(resource, 'name')) {
      const text = nameText(reading, name);
      add('patient', isMasked && text !== undefined ? maskedName(text) : text);
    }
    for (const identifier of reading.objects(resource, 'identifier')) {
      const number = reading.take(identifier, 'value');
      add('patient-number', isMasked && number !== undefined ? maskedNumber(number) : number);
    }
    if (!isMasked) return;
    passOverSilent(reading, resource);
    const more = reading.takeWhole(resource);
    if (more > 0) add('patient-more', String(more));
  },
};

function requestLines(page: Page, request: DocumentObject): void {
  const { reading, add } = page;
  drugLines(page, request);
  const status = reading.take(request, 'status');
  if (status !== 'active') add('status', status);
  const intent = reading.take(request, 'intent');
  if (intent !== 'order') add('status', intent);
  for (const dosage of reading.objects(request, 'dosageInstruction')) dosageLines(page, dosage);
  for (const dispense of reading.objects(request, 'dispenseRequest')) {
    for (const quantity of reading.objects(dispense, 'quantity'))
      add('count', quantityText(reading, quantity));
    add('repeats', reading.take(dispense, 'numberOfRepeatsAllowed'));
  }
  for (const note of reading.objects(request, 'note')) add('note', reading.take(note, 'text'));
  add('date', reading.take(request, 'authoredOn'));
}

/** A concept in the request, or a Medication that it refers to. */
function drugLines({ reading, resources, add }: Page, request: DocumentObject): void {
  for (const concept of reading.objects(request, 'medicationCodeableConcept'))
    conceptLines(reading, add, concept);
  for (const reference of reading.objects(request, 'medicationReference')) {
    add('drug', reading.take(reference, 'display'));
    const target = referredTo(resources, reference);
    if (!target) continue;
    reading.take(reference, 'reference');
    for (const concept of reading.objects(target.resource, 'code')) conceptLines(reading, add, concept);
  }
}

function conceptLines(reading: DocumentReading, add: Page['add'], concept: DocumentObject): void {
  add('drug', reading.take(concept, 'text'));
  for (const coding of reading.objects(concept, 'coding')) {
    add('drug', reading.take(coding, 'display'));
    add('drug-code', reading.take(coding, 'code'));
  }
}

function dosageLines({ reading, add }: Page, dosage: DocumentObject): void {
  for (const rate of reading.objects(dosage, 'doseAndRate'))
    for (const quantity of reading.objects(rate, 'doseQuantity'))
      add('dose', quantityText(reading, quantity));
  for (const timing of reading.objects(dosage, 'timing'))
    for (const repeat of reading.objects(timing, 'repeat')) {
      const [frequency, period, unit] = ['frequency', 'period', 'periodUnit'].map((name) =>
        reading.take(repeat, name),
      );
      const every = [period, unit].filter(Boolean).join(' ');
      add('timing', [frequency && `${frequency} ×`, every && `/ ${every}`].filter(Boolean).join(' '));
      for (const bounds of reading.objects(repeat, 'boundsDuration'))
        add('duration', quantityText(reading, bounds));
    }
  add('instruction', reading.take(dosage, 'text'));
  add('instruction', reading.take(dosage, 'patientInstruction'));
}

/** `21 capsule`; a code that only says the unit again is not a line of its own. */
function quantityText(reading: DocumentReading, quantity: DocumentObject): string | undefined {
  const comparator = reading.take(quantity, 'comparator');
  const value = reading.take(quantity, 'value');
  const [unit, code] = [reading.take(quantity, 'unit'), reading.take(quantity, 'code')];
  const units =
    code !== undefined && code !== unit && unit !== undefined ? `${unit} (${code})` : (unit ?? code);
  return [comparator, value, units].filter((part) => part !== undefined).join(' ');
}

function nameText(reading: DocumentReading, name: DocumentObject): string | undefined {
  const text = reading.take(name, 'text');
  const parts = ['prefix', 'given', 'family', 'suffix'].flatMap((part) => reading.takeAll(name, part));
  return text === undefined
    ? parts.join(' ')
    : [text, ...parts.filter((part) => !text.includes(part))].join(' ');
}

function referredTo(resources: readonly Resource[], reference: DocumentObject): Resource | undefined {
  const [target] = reference.members.get('reference') ?? [];
  return target?.kind === 'leaf' ? resources.find(({ names }) => names.includes(target.text)) : undefined;
}

/**
 * References to what is shown are no lines of their own, as long as there is one thing of that type only: which of two patients a
 * drug is for has to be seen.
 */
function passOverReferences({ reading, resources }: Page, node: DocumentObject): void {
  const target = node.members.has('reference') ? referredTo(resources, node) : undefined;
  if (target && resources.filter(({ type }) => type === target.type).length <= 1)
    reading.take(node, 'reference');
  if (target?.type === 'MedicationRequest') reading.take(node, 'reference');
  for (const nodes of node.members.values())
    for (const inner of nodes)
      if (inner.kind === 'object') passOverReferences({ reading, resources } as Page, inner);
}

/** So that they are not counted as details of the patient. */
function passOverSilent(reading: DocumentReading, node: DocumentObject): void {
  for (const [name, nodes] of node.members)
    for (const inner of nodes) {
      if (SILENT.has(name)) reading.takeWhole(inner);
      else if (inner.kind === 'object') passOverSilent(reading, inner);
    }
}
