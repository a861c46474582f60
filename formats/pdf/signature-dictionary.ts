import { PdfDictionary, PdfName, PdfReference, PdfString } from './pdf-value.ts';
import type { PdfValue } from './pdf-value.ts';
import type { PdfView } from './pdf-view.ts';
import { dateOf, textOf } from './text-string.ts';

/** A signature or document time stamp (ISO 32000-1 §12.8.1), as its dictionary says; nothing of it is checked. */
export interface SignatureDictionary {
  /** `ETSI.CAdES.detached` and the like; absent where there is none. */
  subFilter?: string;
  /** As read: four counts, if it is as it should be. */
  byteRange: readonly number[];
  contents?: PdfString;
  claimedSigningTime?: Date;
  reason?: string;
  location?: string;
  /** What it permits and locks (§12.8.2). */
  permissions: SignaturePermissions;
  repeatsKeys: boolean;
}

export interface SignaturePermissions {
  /** DocMDP: 1 nothing, 2 filling in and signing, 3 annotations too. */
  certification?: 1 | 2 | 3;
  /** FieldMDP: fields that may not change any more. */
  locks: readonly FieldLock[];
}

export interface FieldLock {
  action: 'All' | 'Include' | 'Exclude';
  fields: readonly string[];
}

/** References of a signature have one transform each; two are in use. */
const TRANSFORMS_MAX = 16;

/** Reads a signature dictionary; undefined where the value is none. */
export function readSignatureDictionary(view: PdfView, value: PdfValue): SignatureDictionary | undefined {
  const dictionary = view.resolve(value);
  if (!(dictionary instanceof PdfDictionary)) return undefined;
  const get = (key: string) => view.resolve(dictionary.get(key));
  const [subFilter, contents] = [get('SubFilter'), get('Contents')];
  const reason = textOf(get('Reason'));
  const location = textOf(get('Location'));
  const claimedSigningTime = dateOf(get('M'));
  return {
    ...(subFilter instanceof PdfName && { subFilter: subFilter.name }),
    byteRange: view.array(get('ByteRange')).map((count) => (typeof count === 'number' ? count : NaN)),
    ...(contents instanceof PdfString && { contents }),
    ...(claimedSigningTime && { claimedSigningTime }),
    ...(reason !== undefined && { reason }),
    ...(location !== undefined && { location }),
    permissions: readPermissions(view, dictionary),
    repeatsKeys: dictionary.repeatsKeys,
  };
}

function readPermissions(view: PdfView, dictionary: PdfDictionary): SignaturePermissions {
  const references = view.array(dictionary.get('Reference')).slice(0, TRANSFORMS_MAX);
  const transforms = references.flatMap((reference) => view.dictionary(reference) ?? []);
  let certification: SignaturePermissions['certification'];
  const locks: FieldLock[] = [];
  for (const transform of transforms) {
    const method = view.resolve(transform.get('TransformMethod'));
    const parameters = view.dictionary(transform.get('TransformParams')) ?? new PdfDictionary(new Map());
    if (!(method instanceof PdfName)) continue;
    if (method.name === 'DocMDP') certification = permissionOf(view.resolve(parameters.get('P')));
    if (method.name === 'FieldMDP') locks.push(readFieldLock(view, parameters));
  }
  return { ...(certification && { certification }), locks };
}

/** Table 254: 2 where nothing is said; what nobody has defined permits nothing. */
function permissionOf(value: PdfValue): 1 | 2 | 3 {
  if (value === null) return 2;
  return value === 2 || value === 3 ? value : 1;
}

/** FieldMDP parameters (Table 256) or a field's Lock (Table 233); what is not understood locks everything. */
export function readFieldLock(view: PdfView, parameters: PdfDictionary): FieldLock {
  const action = view.resolve(parameters.get('Action'));
  const fields = view.array(parameters.get('Fields')).flatMap((name) => textOf(view.resolve(name)) ?? []);
  if (action instanceof PdfName && (action.name === 'Include' || action.name === 'Exclude'))
    return { action: action.name, fields };
  return { action: 'All', fields: [] };
}

/** Whether a lock covers a field: one of its names, or one above it. */
export function isLocked({ action, fields }: FieldLock, name: string): boolean {
  if (action === 'All') return true;
  const named = fields.some((field) => name === field || name.startsWith(`${field}.`));
  return action === 'Include' ? named : !named;
}

export function refersToSame(a: PdfValue, b: PdfValue): boolean {
  return (
    a instanceof PdfReference &&
    b instanceof PdfReference &&
    a.number === b.number &&
    a.generation === b.generation
  );
}
