import { FormatError } from '../format-error.ts';
import { formFields } from './form-fields.ts';
import type { PdfFile } from './pdf-file.ts';
import type { PdfValue } from './pdf-value.ts';
import { readSignatureDictionary } from './signature-dictionary.ts';
import type { SignatureDictionary } from './signature-dictionary.ts';
import { checkByteRange } from './signed-range.ts';
import type { RangeResult } from './signed-range.ts';

/** A signature or document time stamp as it stands in a revision. */
export interface FoundSignature {
  field: string;
  dictionary: SignatureDictionary;
  coverage: RangeResult;
  /** Of the revision that brought it. */
  revisionNumber: number;
}

/** Reports have a handful; each costs a comparison with what came later. */
const SIGNATURES_MAX = 32;

/** Every signature of every revision, in the order in which they came: one that a later revision dropped, too. */
export function findSignatures(file: PdfFile): FoundSignature[] {
  // The same place in the file is the same value, in whichever revision it is looked at.
  const found = new Map<PdfValue, FoundSignature>();
  for (const revision of file.revisions) {
    const view = file.asOf(revision);
    for (const { name, type, value } of formFields(view)) {
      const place = view.resolve(value);
      if (type !== 'Sig' || found.has(place)) continue;
      const dictionary = readSignatureDictionary(view, value);
      if (!dictionary) continue;
      if (found.size === SIGNATURES_MAX)
        throw new FormatError('pdf-malformed', `more than ${SIGNATURES_MAX} signatures`);
      const coverage = checkByteRange(file, dictionary);
      found.set(place, { field: name, dictionary, coverage, revisionNumber: revision.number });
    }
  }
  return [...found.values()];
}
