import { FormatError } from '../../formats/format-error.ts';
import { formFields } from '../../formats/pdf/form-fields.ts';
import type { PdfFile } from '../../formats/pdf/pdf-file.ts';
import type { PdfValue } from '../../formats/pdf/pdf-value.ts';
import type { PdfView } from '../../formats/pdf/pdf-view.ts';
import { readSignatureDictionary } from '../../formats/pdf/signature-dictionary.ts';
import type { SignatureDictionary } from '../../formats/pdf/signature-dictionary.ts';
import { checkByteRange } from './signed-range.ts';
import type { RangeResult } from './signed-range.ts';

/** A signature or document time stamp as it stands in a revision. */
export interface FoundSignature {
  field: string;
  dictionary: SignatureDictionary;
  coverage: RangeResult;
}

/** Reports have a handful; each costs a comparison with what came later. */
const SIGNATURES_MAX = 32;

const NO_FORM = Symbol('no form');

/** Every signature of every revision, in the order in which they came: one that a later revision dropped, too. */
export function findSignatures(file: PdfFile): FoundSignature[] {
  const found = new Map<SignatureDictionary['contents'], FoundSignature>();
  let lastForm: unknown = NO_FORM;
  for (const view of [...file.revisions.map((revision) => file.asOf(revision)), file.newest()]) {
    const form = view.catalog.get('AcroForm');
    if (form === null && lastForm === NO_FORM) continue;
    lastForm = form;
    for (const { field, value } of signatureValues(view)) {
      const dictionary = readSignatureDictionary(view, value);
      if (!dictionary || found.has(dictionary.contents)) continue;
      if (found.size === SIGNATURES_MAX)
        throw new FormatError('pdf-malformed', `more than ${SIGNATURES_MAX} signatures`);
      found.set(dictionary.contents, { field, dictionary, coverage: checkByteRange(file, dictionary) });
    }
  }
  return [...found.values()];
}

function signatureValues(view: PdfView): { field: string; value: PdfValue }[] {
  return formFields(view)
    .filter(({ type, value }) => type === 'Sig' && value !== null)
    .map(({ name, value }) => ({ field: name, value }));
}
