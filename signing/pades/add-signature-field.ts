import { formFields } from '../../formats/pdf/form-fields.ts';
import type { FormField } from '../../formats/pdf/form-fields.ts';
import { IncrementalUpdate } from '../../formats/pdf/incremental-update.ts';
import { pagesOf } from '../../formats/pdf/page-tree.ts';
import type { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { PdfDictionary, PdfName, PdfReference, dictionaryOf } from '../../formats/pdf/pdf-value.ts';
import type { PdfValue } from '../../formats/pdf/pdf-value.ts';
import { encodeText } from '../../formats/pdf/text-string.ts';
import { SigningError } from '../signing-error.ts';
import { appearanceOf } from './appearance.ts';
import type { Appearance } from './appearance.ts';
import { reserveContents } from './reserved-contents.ts';
import type { ReservedContents } from './reserved-contents.ts';

export interface SignatureField {
  /** An empty signature field of the form is taken; without it, or where there is none, a field is made. */
  name?: string;
  /** What a name that nobody chose begins with. */
  namePrefix: string;
  /** Absent: nobody sees it. */
  appearance?: Appearance;
  /** Entries of the signature dictionary; `field` is an empty field that is taken. */
  signature(field: FormField | undefined): PdfDictionary;
  /** Further changes of the catalog, for the signature that is added. */
  catalog?(signature: PdfReference): Record<string, PdfValue>;
}

/** SignaturesExist and AppendOnly (ISO 32000-1 Table 219). */
const SIGNATURE_FLAGS = 3;

/** Print and Locked (Table 165). */
const WIDGET_FLAGS = 4 | 128;

/** Adds a revision with a signature field and its signature, the value of which is yet to come. */
export function addSignatureField(file: PdfFile, field: SignatureField): ReservedContents {
  const update = new IncrementalUpdate(file);
  const view = file.newest();
  const fields = formFields(view);
  const taken = fields.find(({ name, type }) => name === field.name && type === 'Sig');
  if (taken && taken.value !== null)
    throw new SigningError('signature-not-permitted', `field ${taken.name} is signed already`);
  const signature = update.add(field.signature(taken));
  if (taken?.reference) update.replace(taken.reference, taken.dictionary.with({ V: signature }));
  const widget = taken?.reference ? undefined : addWidget(file, update, { field, fields, signature });
  updateCatalog(file, update, widget, field.catalog?.(signature) ?? {});
  const { bytes, offsetOf } = update.write();
  return reserveContents(bytes, offsetOf(signature));
}

function addWidget(
  file: PdfFile,
  update: IncrementalUpdate,
  {
    field,
    fields,
    signature,
  }: { field: SignatureField; fields: readonly FormField[]; signature: PdfReference },
): PdfReference {
  const { appearance } = field;
  const pageNumber = appearance?.page ?? 1;
  const page = pagesOf(file.newest()).at(pageNumber - 1);
  const dictionary = page && file.newest().resolve(page);
  if (!page || !(dictionary instanceof PdfDictionary))
    throw new SigningError('document-format', `the PDF has no page ${pageNumber}`);
  const widget = update.add(
    dictionaryOf({
      Type: new PdfName('Annot'),
      Subtype: new PdfName('Widget'),
      FT: new PdfName('Sig'),
      T: encodeText(field.name ?? freeName(fields, field.namePrefix)),
      F: WIDGET_FLAGS,
      Rect: appearance?.rectangle ?? [0, 0, 0, 0],
      P: page,
      V: signature,
    }).with(appearance ? { AP: dictionaryOf({ N: appearanceOf(update, appearance) }) } : {}),
  );
  append(file, update, { container: dictionary, key: 'Annots', value: widget }, (changed) => {
    update.replace(page, changed);
  });
  return widget;
}

function updateCatalog(
  file: PdfFile,
  update: IncrementalUpdate,
  widget: PdfReference | undefined,
  changes: Record<string, PdfValue>,
): void {
  const view = file.newest();
  const root = view.trailer.get('Root') as PdfReference;
  const { catalog } = view;
  const place = catalog.get('AcroForm');
  const existing = view.resolve(place);
  const form = (existing instanceof PdfDictionary ? existing : dictionaryOf({ Fields: [] })).with({
    SigFlags: SIGNATURE_FLAGS,
  });
  const writeForm = (changed: PdfDictionary) => {
    if (place instanceof PdfReference) update.replace(place, changed);
    const more = place instanceof PdfReference ? changes : { ...changes, AcroForm: changed };
    if (Object.keys(more).length > 0) update.replace(root, catalog.with(more));
  };
  if (widget) append(file, update, { container: form, key: 'Fields', value: widget }, writeForm, true);
  else writeForm(form);
}

/** Adds to an array within a dictionary: where it is an object of its own, that one is replaced and the dictionary is not. */
function append(
  file: PdfFile,
  update: IncrementalUpdate,
  { container, key, value }: { container: PdfDictionary; key: string; value: PdfReference },
  writeContainer: (changed: PdfDictionary) => void,
  containerChanged = false,
): void {
  const place = container.get(key);
  const longer = [...file.newest().array(place), value];
  if (place instanceof PdfReference) update.replace(place, longer);
  if (!(place instanceof PdfReference)) writeContainer(container.with({ [key]: longer }));
  else if (containerChanged) writeContainer(container);
}

function freeName(fields: readonly FormField[], prefix: string): string {
  const names = new Set(fields.map(({ name }) => name));
  for (let count = 1; ; count += 1) if (!names.has(`${prefix}${count}`)) return `${prefix}${count}`;
}
