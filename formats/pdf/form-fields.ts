import { FormatError } from '../format-error.ts';
import { PdfDictionary, PdfName, PdfReference } from './pdf-value.ts';
import type { PdfValue } from './pdf-value.ts';
import type { PdfView } from './pdf-view.ts';
import { readFieldLock } from './signature-dictionary.ts';
import type { FieldLock } from './signature-dictionary.ts';
import { textOf } from './text-string.ts';

/** A field of an interactive form (ISO 32000-1 §12.7.3). */
export interface FormField {
  /** Its names from the root on, with full stops between. */
  name: string;
  /** Undefined: it stands directly within its parent. */
  reference?: PdfReference;
  dictionary: PdfDictionary;
  /** Its own, or one that it inherits: `Tx`, `Btn`, `Ch`, `Sig`. */
  type?: string;
  value: PdfValue;
  /** What is to be locked when it is signed (Table 232). */
  lock?: FieldLock;
  /** Its children that are widgets and no fields of their own. */
  widgets: readonly PdfReference[];
}

/** Forms of authorities have some thousand. */
const FIELDS_MAX = 10_000;
const DEPTH_MAX = 32;

/** Every field of a document that has no fields below it; throws FormatError `pdf-malformed`. */
export function formFields(view: PdfView): FormField[] {
  const walk = new FieldWalk(view);
  const form = view.dictionary(view.catalog.get('AcroForm'));
  for (const kid of view.array(form?.get('Fields') ?? null)) walk.visit(kid, { name: '', value: null }, 0);
  return walk.fields;
}

type Inherited = Pick<FormField, 'name' | 'type' | 'value'>;

class FieldWalk {
  readonly fields: FormField[] = [];
  readonly #view: PdfView;
  readonly #visited = new Set<number>();

  constructor(view: PdfView) {
    this.#view = view;
  }

  visit(value: PdfValue, inherited: Inherited, depth: number): void {
    if (depth > DEPTH_MAX || this.fields.length > FIELDS_MAX || this.#visited.size > FIELDS_MAX)
      throw new FormatError(
        'pdf-malformed',
        `a form with more than ${FIELDS_MAX} fields, or nested without end`,
      );
    const dictionary = this.#view.resolve(value);
    if (!(dictionary instanceof PdfDictionary)) return;
    const reference = value instanceof PdfReference ? value : undefined;
    if (reference && this.#visited.has(reference.number)) return;
    if (reference) this.#visited.add(reference.number);
    const own = this.#inherit(dictionary, inherited);
    const kids = this.#view.array(dictionary.get('Kids'));
    const widgets = kids.filter((kid): kid is PdfReference => this.#isWidgetOnly(kid));
    if (kids.length === 0 || widgets.length > 0)
      this.fields.push({
        ...own,
        ...(reference && { reference }),
        ...this.#lockOf(dictionary),
        dictionary,
        widgets,
      });
    for (const kid of kids) if (!this.#isWidgetOnly(kid)) this.visit(kid, own, depth + 1);
  }

  #inherit(dictionary: PdfDictionary, inherited: Inherited): Inherited {
    const partial = textOf(this.#view.resolve(dictionary.get('T')));
    const name = partial === undefined ? inherited.name : joined(inherited.name, partial);
    const type = this.#view.resolve(dictionary.get('FT'));
    const value = dictionary.get('V') ?? inherited.value;
    return { name, ...(type instanceof PdfName ? { type: type.name } : typeOf(inherited)), value };
  }

  #lockOf(field: PdfDictionary): Pick<FormField, 'lock'> {
    const lock = this.#view.dictionary(field.get('Lock'));
    return lock ? { lock: readFieldLock(this.#view, lock) } : {};
  }

  #isWidgetOnly(kid: PdfValue): boolean {
    const dictionary = this.#view.dictionary(kid);
    return kid instanceof PdfReference && dictionary !== undefined && dictionary.get('T') === null;
  }
}

function typeOf({ type }: Inherited): { type?: string } {
  return type === undefined ? {} : { type };
}

function joined(parent: string, partial: string): string {
  return parent === '' ? partial : `${parent}.${partial}`;
}
